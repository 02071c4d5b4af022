import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['node_modules', 'engine'] },
  {
    files: ['page/src/**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Text becomes part of the page as text only.
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'set text, or use svgOf for a drawn chart' },
        { property: 'outerHTML', message: 'set text' },
        { property: 'insertAdjacentHTML', message: 'set text' },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // The type of a reply is named where it is used.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      'max-lines': ['error', 400],
    },
  },
  { files: ['**/*.mjs'], languageOptions: { ecmaVersion: 2023, sourceType: 'module' } },
);
