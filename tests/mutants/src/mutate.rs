//! Finds the mutants of a file, and writes the file with all of them.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::PathBuf;

use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{
    Arm, BinOp, Block, Expr, ExprBinary, ExprMatch, ExprUnary, ImplItemFn, ItemFn, ItemMod, Pat, Signature,
    TraitItemFn, UnOp,
};

use crate::operators::replacements;
use crate::values;

/// A mutant.
pub(crate) struct Mutant {
    pub(crate) number: u32,
    pub(crate) line: usize,
    pub(crate) function: String,
    pub(crate) words: String,
}

/// A piece of the text that replaces a range.
enum Piece {
    Text(String),
    /// A range of the source, with the edits within it.
    Source(Range<usize>),
}

/// A range of the source that is written another way.
struct Edit {
    range: Range<usize>,
    pieces: Vec<Piece>,
}

struct Finder<'a> {
    source: &'a str,
    number: &'a mut u32,
    without: &'a BTreeSet<u32>,
    mutants: &'a mut Vec<Mutant>,
    edits: Vec<Edit>,
    functions: Vec<String>,
}

/// The files that only tests have: `#[cfg(test)] mod name;`. Modules in them are in a folder of their name.
pub(crate) fn files_of_tests(files: &[PathBuf]) -> BTreeSet<PathBuf> {
    let mut tests = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let parsed = syn::parse_file(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let stem = file.file_stem().expect("a name").to_string_lossy().into_owned();
        let folder = file.parent().expect("a folder");
        let folder = if stem == "mod" { folder.to_owned() } else { folder.join(stem) };
        for item in &parsed.items {
            if let syn::Item::Mod(module) = item
                && module.content.is_none()
                && only_for_tests(&module.attrs)
            {
                tests.insert(folder.join(format!("{}.rs", module.ident)));
            }
        }
    }
    tests
}

/// The text with a switch for each mutant that is not left out. Adds the mutants to the list.
pub(crate) fn rewrite(
    source: &str,
    number: &mut u32,
    without: &BTreeSet<u32>,
    mutants: &mut Vec<Mutant>,
) -> String {
    let file = syn::parse_file(source).expect("parsed before");
    let mut finder = Finder { source, number, without, mutants, edits: Vec::new(), functions: Vec::new() };
    finder.visit_file(&file);
    let mut edits = finder.edits;
    // An edit comes before those within it. Insertions have empty ranges.
    edits.sort_by_key(|edit| (edit.range.start, std::cmp::Reverse(edit.range.end)));
    let mut text = String::new();
    render(source, &edits, 0..source.len(), &mut text);
    text
}

/// Writes a range of the source with the edits that are within it, outermost first.
fn render(source: &str, edits: &[Edit], range: Range<usize>, text: &mut String) {
    let mut at = range.start;
    let mut rest = edits;
    while let Some((edit, others)) = rest.split_first() {
        rest = others;
        if edit.range.start > range.end {
            break;
        }
        if edit.range.start < at || edit.range.end > range.end {
            continue;
        }
        text.push_str(&source[at..edit.range.start]);
        for piece in &edit.pieces {
            match piece {
                Piece::Text(words) => text.push_str(words),
                Piece::Source(part) => render(source, others, part.clone(), text),
            }
        }
        at = edit.range.end;
    }
    text.push_str(&source[at..range.end]);
}

fn only_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let words = attribute.to_token_stream().to_string();
        attribute.path().is_ident("test") || (attribute.path().is_ident("cfg") && words.contains("test"))
    })
}

/// Has a condition a `let` in its chain of `&&`? Such a chain is no expression of its own.
fn has_let(expression: &Expr) -> bool {
    match expression {
        Expr::Let(_) => true,
        Expr::Binary(binary) => joins_let(binary),
        _ => false,
    }
}

fn joins_let(binary: &ExprBinary) -> bool {
    matches!(binary.op, BinOp::And(_)) && (has_let(&binary.left) || has_let(&binary.right))
}

impl Finder<'_> {
    /// A new mutant, or none if it is left out.
    fn mutant(&mut self, line: usize, words: String) -> Option<u32> {
        let number = *self.number;
        *self.number += 1;
        if self.without.contains(&number) {
            return None;
        }
        let function = self.functions.join("::");
        self.mutants.push(Mutant { number, line, function, words });
        Some(number)
    }

    fn edit(&mut self, range: Range<usize>, pieces: Vec<Piece>) {
        self.edits.push(Edit { range, pieces });
    }

    /// Switches at the start of a function: each returns a value at once.
    fn returns(&mut self, signature: &Signature, block: &Block) {
        if block.stmts.is_empty() {
            return;
        }
        let mut text = String::new();
        for value in values::of(&signature.output) {
            let words = format!("return {value}");
            if let Some(n) = self.mutant(signature.span().start().line, words) {
                text += &format!(" /*@{n}*/ if crate::switches::on({n}) {{ return {value}; }} /*@*/");
            }
        }
        let start = block.brace_token.span.open().byte_range().end;
        self.edit(start..start, vec![Piece::Text(text)]);
    }

    fn function(&mut self, signature: &Signature, block: &Block, visit: impl FnOnce(&mut Self)) {
        // A constant function cannot look at a switch.
        if signature.constness.is_some() {
            return;
        }
        self.functions.push(signature.ident.to_string());
        self.returns(signature, block);
        visit(self);
        self.functions.pop();
    }

    /// The numbers of the operators that replace one.
    fn operators(&mut self, binary: &ExprBinary) -> Vec<(u32, &'static str)> {
        let line = binary.op.span().start().line;
        let old = binary.op.to_token_stream().to_string();
        let mut found = Vec::new();
        for &new in replacements(&binary.op) {
            if let Some(n) = self.mutant(line, format!("{old} becomes {new} in {}", self.shown(binary))) {
                found.push((n, new));
            }
        }
        found
    }

    /// An expression on one line, not too long.
    fn shown(&self, node: &impl Spanned) -> String {
        let text = &self.source[node.span().byte_range()];
        let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some((at, _)) = text.char_indices().nth(80) {
            text.truncate(at);
            text.push_str("...");
        }
        text
    }

    /// `a + b` becomes `match (a, b) { (l, r) => if on(1) { l - r } else { l + r } }`: the operands are evaluated once, and what
    /// they borrow lives as long as before.
    fn binary(&mut self, binary: &ExprBinary) {
        if joins_let(binary) {
            return;
        }
        let found = self.operators(binary);
        if found.is_empty() {
            return;
        }
        let old = binary.op.to_token_stream().to_string();
        let left = || Piece::Source(binary.left.span().byte_range());
        let right = || Piece::Source(binary.right.span().byte_range());
        let text = |words: &str| Piece::Text(words.to_owned());
        let choice = |apply: &dyn Fn(&str) -> String| {
            let switched = found.iter().map(|(n, new)| {
                format!("if crate::switches::on({n}) {{ /*@{n}*/ {} /*@*/ }} else ", apply(new))
            });
            switched.chain([format!("{{ {} }}", apply(&old))]).collect::<String>()
        };
        let first = found[0].0;
        let open =
            format!("/*[{}*/ (", found.iter().map(|(n, _)| n.to_string()).collect::<Vec<_>>().join(","));
        let close = ") /*]*/";
        let pieces = match binary.op {
            // The right side is evaluated only if the left does not decide, so that is what is switched.
            BinOp::And(_) | BinOp::Or(_) => {
                let equal = if matches!(binary.op, BinOp::And(_)) { "!=" } else { "==" };
                let middle = format!(" {{ l => if l {equal} crate::switches::on({first}) {{ ");
                vec![
                    text(&open),
                    text("match "),
                    left(),
                    text(&middle),
                    right(),
                    text(" } else { l } }"),
                    text(close),
                ]
            }
            BinOp::Eq(_) | BinOp::Ne(_) | BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_) => {
                let rest = format!(")) {{ (l, r) => {} }}", choice(&|operator| format!("*l {operator} *r")));
                vec![text(&open), text("match (&("), left(), text("), &("), right(), text(&rest), text(close)]
            }
            BinOp::Add(_)
            | BinOp::Sub(_)
            | BinOp::Mul(_)
            | BinOp::Div(_)
            | BinOp::Rem(_)
            | BinOp::BitXor(_)
            | BinOp::BitAnd(_)
            | BinOp::BitOr(_)
            | BinOp::Shl(_)
            | BinOp::Shr(_) => {
                let rest = format!(") {{ (l, r) => {} }}", choice(&|operator| format!("l {operator} r")));
                vec![text(&open), text("match ("), left(), text(", "), right(), text(&rest), text(close)]
            }
            _ => {
                let mut pieces = vec![text(&open), text("match "), right(), text(" { r => ")];
                for (n, new) in &found {
                    pieces.push(Piece::Text(format!("if crate::switches::on({n}) {{ /*@{n}*/ ")));
                    pieces.extend([left(), Piece::Text(format!(" {new} r /*@*/ }} else "))]);
                }
                pieces.extend([text("{ "), left(), Piece::Text(format!(" {old} r }} }}")), text(close)]);
                pieces
            }
        };
        self.edit(binary.span().byte_range(), pieces);
    }

    fn unary(&mut self, unary: &ExprUnary) {
        let operator = match unary.op {
            UnOp::Not(_) => "!",
            UnOp::Neg(_) => "-",
            _ => return,
        };
        let words = format!("no {operator} in {}", self.shown(unary));
        let Some(n) = self.mutant(unary.span().start().line, words) else { return };
        let operand = Piece::Source(unary.expr.span().byte_range());
        let rest = format!(
            " {{ x => if crate::switches::on({n}) {{ /*@{n}*/ x /*@*/ }} else {{ {operator}x }} }}) /*]*/"
        );
        let pieces = vec![Piece::Text(format!("/*[{n}*/ (match ")), operand, Piece::Text(rest)];
        self.edit(unary.span().byte_range(), pieces);
    }

    /// Arms before a wildcard are left out by a guard; guards are made to hold always and never.
    fn arm(&mut self, arm: &Arm, wildcard_follows: bool) {
        let line = arm.span().start().line;
        let shown = self.shown(&arm.pat);
        let whole = wildcard_follows.then(|| self.mutant(line, format!("no arm {shown}"))).flatten();
        let left_in = whole.map(|n| format!("!crate::switches::on({n})"));
        let Some((_, guard)) = &arm.guard else {
            if let Some(condition) = left_in {
                let end = arm.pat.span().byte_range().end;
                self.edit(end..end, vec![Piece::Text(format!(" if {condition}"))]);
            }
            return;
        };
        if has_let(guard) {
            return;
        }
        let always = self.mutant(line, format!("guard of {shown} becomes true"));
        let never = self.mutant(line, format!("guard of {shown} becomes false"));
        let always = always.map(|n| format!("crate::switches::on({n}) || ")).unwrap_or_default();
        let never = never.map(|n| format!(" && !crate::switches::on({n})")).unwrap_or_default();
        let whole = left_in.map(|condition| format!(" && {condition}")).unwrap_or_default();
        let range = guard.span().byte_range();
        // A guard that is itself a mutated operator has the same range: this edit comes first, for it is pushed first.
        self.edit(
            range.clone(),
            vec![
                Piece::Text(format!("({always}(")),
                Piece::Source(range),
                Piece::Text(format!(")){never}{whole}")),
            ],
        );
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_mod(&mut self, node: &'ast ItemMod) {
        if !only_for_tests(&node.attrs) {
            visit::visit_item_mod(self, node);
        }
    }

    fn visit_item_fn(&mut self, node: &'ast ItemFn) {
        if !only_for_tests(&node.attrs) {
            self.function(&node.sig, &node.block, |finder| visit::visit_block(finder, &node.block));
        }
    }

    fn visit_item_impl(&mut self, node: &'ast syn::ItemImpl) {
        if !only_for_tests(&node.attrs) {
            self.functions.push(node.self_ty.to_token_stream().to_string().replace(' ', ""));
            visit::visit_item_impl(self, node);
            self.functions.pop();
        }
    }

    fn visit_impl_item_fn(&mut self, node: &'ast ImplItemFn) {
        if !only_for_tests(&node.attrs) {
            self.function(&node.sig, &node.block, |finder| visit::visit_block(finder, &node.block));
        }
    }

    fn visit_trait_item_fn(&mut self, node: &'ast TraitItemFn) {
        if let Some(block) = &node.default {
            self.function(&node.sig, block, |finder| visit::visit_block(finder, block));
        }
    }

    fn visit_expr_binary(&mut self, node: &'ast ExprBinary) {
        self.binary(node);
        visit::visit_expr_binary(self, node);
    }

    fn visit_expr_unary(&mut self, node: &'ast ExprUnary) {
        self.unary(node);
        visit::visit_expr_unary(self, node);
    }

    fn visit_expr_match(&mut self, node: &'ast ExprMatch) {
        self.visit_expr(&node.expr);
        let wildcard =
            node.arms.iter().position(|arm| matches!(arm.pat, Pat::Wild(_)) && arm.guard.is_none());
        for (i, arm) in node.arms.iter().enumerate() {
            self.arm(arm, wildcard.is_some_and(|at| i < at));
            if let Some((_, guard)) = &arm.guard {
                self.visit_expr(guard);
            }
            self.visit_expr(&arm.body);
        }
    }

    fn visit_expr_repeat(&mut self, node: &'ast syn::ExprRepeat) {
        self.visit_expr(&node.expr);
    }

    // What is evaluated while the program is compiled.
    fn visit_item_const(&mut self, _: &'ast syn::ItemConst) {}
    fn visit_item_static(&mut self, _: &'ast syn::ItemStatic) {}
    fn visit_impl_item_const(&mut self, _: &'ast syn::ImplItemConst) {}
    fn visit_trait_item_const(&mut self, _: &'ast syn::TraitItemConst) {}
    fn visit_expr_const(&mut self, _: &'ast syn::ExprConst) {}
    fn visit_variant(&mut self, _: &'ast syn::Variant) {}
    fn visit_type(&mut self, _: &'ast syn::Type) {}
    fn visit_pat(&mut self, _: &'ast Pat) {}
    fn visit_generic_argument(&mut self, _: &'ast syn::GenericArgument) {}
}
