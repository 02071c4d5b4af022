//! Who imports whom: every path in the sources, found by parsing them, and the file that it leads to.
//!
//! Seen are use trees with braces, renames and globs, `crate::`, `self::` and `super::super::`, names that a `use`
//! brought in, re-exports, and paths in expressions, types, patterns, attributes and macros. Unit tests are left
//! out. A module within a file counts as that file.

mod items;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, File, Item, ItemMod, ItemUse, Macro, Meta, UseTree, Visibility};

use items::{attributes, is_for_tests, name_of};

/// A path as it is written, name by name.
pub(crate) type Path = Vec<String>;

/// The modules of the crate, by their paths from its root.
pub(crate) struct Sources {
    modules: BTreeMap<Path, Module>,
}

/// A file.
#[derive(Default)]
struct Module {
    file: String,
    children: BTreeSet<String>,
    items: BTreeSet<String>,
    uses: Vec<Use>,
    /// Every path, those of `use` among them.
    paths: BTreeSet<Path>,
    /// Child modules that are there only for tests.
    tests: BTreeSet<String>,
    /// How many modules within the file the visitor is in.
    inner: usize,
}

/// What one name of a `use` brings in.
struct Use {
    /// The name that it has here; none where it brings in all names of a module.
    name: Option<String>,
    from: Path,
    /// Whether others than the module's own children may take it from here.
    public: bool,
}

impl Sources {
    /// The sources of these files, by their paths from the root of the project, with their texts.
    pub(crate) fn parse(files: &BTreeMap<String, String>) -> Self {
        let mut modules: BTreeMap<Path, Module> = BTreeMap::new();
        for (file, text) in files {
            let parsed = syn::parse_file(text).unwrap_or_else(|e| panic!("{file}: {e}"));
            modules.insert(module_path(file), Module::of(file, &parsed));
        }
        let tests: Vec<Path> = modules
            .iter()
            .flat_map(|(path, module)| module.tests.iter().map(|test| joined(path, test)))
            .collect();
        modules.retain(|path, _| !tests.iter().any(|test| path.starts_with(test)));
        Self { modules }
    }

    /// Every file with the paths that are written in it.
    pub(crate) fn paths(&self) -> impl Iterator<Item = (&str, &BTreeSet<Path>)> {
        self.modules.values().map(|module| (module.file.as_str(), &module.paths))
    }

    /// For each file the other files that it names something of.
    pub(crate) fn arrows(&self) -> BTreeMap<String, BTreeSet<String>> {
        let arrows = self.modules.iter().map(|(own, module)| {
            let named = module.paths.iter().filter_map(|path| self.resolve(own, path, 0));
            (module.file.clone(), named.filter(|file| *file != module.file).collect())
        });
        arrows.collect()
    }

    /// For each file the rooms that it names: what is declared at the root of the crate. What a room takes from
    /// another and hands on counts as its own.
    pub(crate) fn rooms(&self) -> BTreeMap<String, BTreeSet<String>> {
        let rooms = self.modules.iter().map(|(own, module)| {
            let named = module.paths.iter().filter_map(|path| from_root(own, path)?.first().cloned());
            (module.file.clone(), named.collect())
        });
        rooms.collect()
    }

    /// The file in which a path that is written in the module `own` ends; none if that is outside of the crate.
    fn resolve(&self, own: &Path, path: &[String], depth: usize) -> Option<String> {
        let (first, rest) = path.split_first()?;
        let module = self.modules.get(own)?;
        match first.as_str() {
            "crate" => self.walk(&Vec::new(), rest, depth),
            "self" => self.resolve_in(own, rest, depth),
            "super" => {
                let parent = own[..own.len().checked_sub(1)?].to_vec();
                self.resolve_in(&parent, rest, depth)
            }
            _ if module.children.contains(first) => self.walk(own, path, depth),
            _ => self.imported(own, path, depth),
        }
    }

    /// The rest of a path below `self` or `super`, which may go further up.
    fn resolve_in(&self, module: &Path, rest: &[String], depth: usize) -> Option<String> {
        match rest.first().map(String::as_str) {
            // `self::super` is written for a module within a file.
            Some("super" | "self") => self.resolve(module, rest, depth),
            _ => self.walk(module, rest, depth),
        }
    }

    /// The file of what a module calls by this path.
    fn walk(&self, own: &Path, path: &[String], depth: usize) -> Option<String> {
        let module = self.modules.get(own)?;
        let Some((first, rest)) = path.split_first() else { return Some(module.file.clone()) };
        if module.children.contains(first) {
            return self.walk(&joined(own, first), rest, depth);
        }
        if module.items.contains(first) {
            return Some(module.file.clone());
        }
        self.imported(own, path, depth).or_else(|| Some(module.file.clone()))
    }

    /// The file of what a module brings in by `use` under the first name of the path.
    fn imported(&self, own: &Path, path: &[String], depth: usize) -> Option<String> {
        const DEPTH: usize = 16;
        let (first, rest) = path.split_first()?;
        let module = self.modules.get(own).filter(|_| depth < DEPTH)?;
        for found in module.uses.iter().filter(|found| found.name.as_ref() == Some(first)) {
            let whole: Path = found.from.iter().chain(rest).cloned().collect();
            // A `use` may name the crate of the same name.
            if whole != path {
                return self.resolve(own, &whole, depth + 1);
            }
        }
        module.uses.iter().filter(|found| found.name.is_none()).find_map(|found| {
            let child = || own.iter().chain(&found.from).cloned().collect();
            let there = from_root(own, &found.from).unwrap_or_else(child);
            let target = self.modules.get(&there)?;
            if target.children.contains(first) || target.items.contains(first) {
                return self.walk(&there, path, depth + 1);
            }
            // Private imports are there for the module's children alone.
            let taken = |found: &Use| found.name.is_none() || found.name.as_ref() == Some(first);
            let open =
                target.uses.iter().any(|found| taken(found) && (found.public || own.starts_with(&there)));
            open.then(|| self.imported(&there, path, depth + 1)).flatten()
        })
    }
}

/// A path that begins with `crate`, `self` or `super`, from the root of the crate.
fn from_root(own: &Path, path: &[String]) -> Option<Path> {
    let relative = path.iter().take_while(|name| ["crate", "self", "super"].contains(&name.as_str())).count();
    let mut at = own.clone();
    for name in &path[..relative] {
        match name.as_str() {
            "crate" => at.clear(),
            "super" => drop(at.pop()?),
            _ => {}
        }
    }
    (relative > 0).then(|| at.into_iter().chain(path[relative..].iter().cloned()).collect())
}

fn joined(path: &Path, name: &str) -> Path {
    path.iter().cloned().chain([name.to_owned()]).collect()
}

/// The module that a file is: `src/model/mixer.rs` is `model::mixer`.
fn module_path(file: &str) -> Path {
    let inner = file.strip_prefix("src/").unwrap_or(file);
    let inner = inner.trim_end_matches(".rs").trim_end_matches("/mod");
    if inner == "lib" { Vec::new() } else { inner.split('/').map(str::to_owned).collect() }
}

impl Module {
    fn of(file: &str, parsed: &File) -> Self {
        let mut module = Self { file: file.to_owned(), ..Self::default() };
        module.items.extend(parsed.items.iter().filter_map(name_of));
        module.visit_file(parsed);
        module
    }

    fn add_use(&mut self, tree: &UseTree, before: &Path, public: bool) {
        let (from, name) = match tree {
            UseTree::Path(path) => {
                return self.add_use(&path.tree, &joined(before, &path.ident.to_string()), public);
            }
            UseTree::Group(group) => {
                return group.items.iter().for_each(|tree| self.add_use(tree, before, public));
            }
            UseTree::Glob(_) => (before.clone(), None),
            UseTree::Name(name) if name.ident == "self" => (before.clone(), before.last().cloned()),
            UseTree::Name(name) => {
                let name = name.ident.to_string();
                (joined(before, &name), Some(name))
            }
            UseTree::Rename(name) => {
                let own = name.ident.to_string();
                let from = if own == "self" { before.clone() } else { joined(before, &own) };
                (from, Some(name.rename.to_string()))
            }
        };
        self.paths.insert(from.clone());
        self.uses.push(Use { name, from, public });
    }

    /// The paths in tokens that are no parsed code: names with `::` between them.
    fn add_tokens(&mut self, tokens: TokenStream) {
        let mut path: Path = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.add_path(std::mem::take(&mut path));
                    }
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(sign) if sign.as_char() == ':' => colons += 1,
                other => {
                    self.add_path(std::mem::take(&mut path));
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.add_tokens(group.stream());
                    }
                }
            }
        }
        self.add_path(path);
    }

    /// A path as the file's own module would write it.
    fn seen_from_the_file(&self, mut path: Path) -> Path {
        for name in path.iter_mut().take(self.inner).take_while(|name| *name == "super") {
            "self".clone_into(name);
        }
        path
    }

    fn add_path(&mut self, path: Path) {
        if path.len() > 1 {
            self.paths.insert(self.seen_from_the_file(path));
        }
    }
}

impl<'a> Visit<'a> for Module {
    fn visit_item(&mut self, item: &'a Item) {
        if !attributes(item).iter().any(is_for_tests) {
            visit::visit_item(self, item);
        } else if let Item::Mod(module) = item {
            self.tests.insert(module.ident.to_string());
        }
    }

    fn visit_item_mod(&mut self, module: &'a ItemMod) {
        let Some((_, items)) = &module.content else {
            self.children.insert(module.ident.to_string());
            return;
        };
        self.items.insert(module.ident.to_string());
        self.inner += 1;
        items.iter().for_each(|item| self.visit_item(item));
        self.inner -= 1;
    }

    fn visit_item_use(&mut self, item: &'a ItemUse) {
        // The first names of a tree may lead out of a module within the file.
        let public = !matches!(item.vis, Visibility::Inherited);
        match &item.tree {
            UseTree::Path(first) if self.inner > 0 && first.ident == "super" => {
                self.add_use(&first.tree, &vec!["self".to_owned()], public);
            }
            tree => self.add_use(tree, &Vec::new(), public),
        }
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        // A single name counts, too: it may be a module's, or have been brought in.
        let names = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.paths.insert(self.seen_from_the_file(names));
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, found: &'a Macro) {
        self.add_tokens(found.tokens.clone());
        visit::visit_macro(self, found);
    }

    fn visit_attribute(&mut self, attribute: &'a Attribute) {
        if let Meta::List(list) = &attribute.meta {
            self.add_tokens(list.tokens.clone());
        }
    }

    fn visit_visibility(&mut self, _: &'a Visibility) {}
}

/// The arrows of `from` in a small crate that writes it so: `room/mod.rs` has the modules `a` (with the function
/// `f`), `b` and `b::deep`, and re-exports all of `a`; `other` is another room.
fn arrows(from: &str, text: &str) -> Vec<String> {
    let files = [
        ("src/lib.rs", "mod room; mod other;"),
        ("src/other.rs", "pub fn g() {}"),
        ("src/room/mod.rs", "mod a; mod b; pub use a::*; use b::thing; pub fn own() {}"),
        ("src/room/a.rs", "pub fn f() {} pub struct S; pub const N: usize = 1;"),
        ("src/room/b.rs", "mod deep; pub fn thing() {}"),
        ("src/room/b/deep.rs", "pub fn d() {}"),
        ("src/room/c.rs", ""),
    ];
    let mut files: BTreeMap<String, String> =
        files.into_iter().map(|(file, text)| (file.to_owned(), text.to_owned())).collect();
    let text = if from == "src/room/b.rs" { format!("mod deep; {text}") } else { text.to_owned() };
    files.insert(from.to_owned(), text);
    Sources::parse(&files).arrows()[from].iter().cloned().collect()
}

#[test]
fn every_way_to_write_an_import_is_seen() {
    const A: &str = "src/room/a.rs";
    for text in [
        "use super::a;",
        "use super::a::f;",
        "use super::{a::{self, f}};",
        "use crate::room::a::S;",
        "use crate::{other::g as f, room::{a as other_name}}; use super::a;",
        "use self::super::a::f;",
        "use super::f;",
        "use crate::room::f;",
        "use super::super::room::a::f;",
        "use super::*; fn x() { f(); }",
        "use super as up; fn x() { up::a::f(); }",
        "fn x() { super::a::f(); }",
        "fn x() -> Vec<super::a::S> { Vec::new() }",
        "fn x(n: usize) -> bool { matches!(n, crate::room::a::N) }",
        "fn x() { println!(\"{}\", super::a::N); }",
        "#[derive(super::a::S)] struct X;",
        "impl crate::room::S {}",
        "mod inner { use super::super::a::f; }",
        "mod inner { use super::g; } use super::f as g; fn x() { inner::g(); }",
        "macro_rules! m { () => { $crate::room::a::f() } }",
    ] {
        assert!(arrows("src/room/c.rs", text).contains(&A.to_owned()), "{text}");
    }
    assert_eq!(arrows("src/room/c.rs", "use super::thing;"), ["src/room/b.rs"]);
    assert_eq!(arrows("src/room/c.rs", "use super::own;"), ["src/room/mod.rs"]);
    assert_eq!(arrows("src/room/b.rs", "fn x() { deep::d(); super::a::f(); }"), [A, "src/room/b/deep.rs"]);
    assert_eq!(arrows("src/room/b/deep.rs", "use super::super::a; use super::thing;"), [A, "src/room/b.rs"]);
}

#[test]
fn what_is_no_import_is_not_taken_for_one() {
    for text in [
        "mod a_child_alone;",
        "pub(super) fn x() {}",
        "//! See [`super::a`].",
        "fn x() { let a = 1; }",
        "mod inner { use super::a; } fn a() {}",
        "use std::a::f; fn x(a: usize) { a::b(); }",
        "#[cfg(test)] mod tests { use super::super::a; }",
        "const X: &str = \"super::a\";",
    ] {
        assert_eq!(arrows("src/room/c.rs", text), [""; 0], "{text}");
    }
}
