//! What a function can return without doing anything.

use quote::ToTokens;
use syn::{GenericArgument, PathArguments, ReturnType, Type};

/// Expressions of a return type, simple ones that may be wrong for the caller.
pub(crate) fn of(output: &ReturnType) -> Vec<String> {
    match output {
        ReturnType::Default => vec!["()".into()],
        ReturnType::Type(_, kind) => of_type(kind),
    }
}

fn of_type(kind: &Type) -> Vec<String> {
    let words = |list: &[&str]| list.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    match kind {
        Type::Paren(inner) => of_type(&inner.elem),
        Type::Tuple(tuple) if tuple.elems.is_empty() => words(&["()"]),
        Type::Tuple(tuple) => {
            let parts: Vec<_> = tuple.elems.iter().map(|part| of_type(part).into_iter().next()).collect();
            match parts.into_iter().collect::<Option<Vec<_>>>() {
                Some(parts) => vec![format!("({},)", parts.join(", "))],
                None => Vec::new(),
            }
        }
        Type::Reference(reference) if reference.mutability.is_none() => match &*reference.elem {
            Type::Slice(_) => words(&["&[]"]),
            Type::Path(path) if path.path.is_ident("str") => words(&["\"\"", "\"xyzzy\""]),
            _ => Vec::new(),
        },
        Type::Array(array) => {
            let n = array.len.to_token_stream();
            of_type(&array.elem).into_iter().map(|value| format!("[{value}; {n}]")).collect()
        }
        Type::Path(path) => of_path(path),
        _ => Vec::new(),
    }
}

fn of_path(path: &syn::TypePath) -> Vec<String> {
    let Some(last) = path.path.segments.last() else { return Vec::new() };
    let inner = || match &last.arguments {
        PathArguments::AngleBracketed(list) => match list.args.first() {
            Some(GenericArgument::Type(kind)) => of_type(kind),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    let wrapped =
        |name: &str| inner().into_iter().map(|value| format!("{name}({value})")).collect::<Vec<_>>();
    let words = |list: &[&str]| list.iter().map(|&word| word.to_owned()).collect();
    match last.ident.to_string().as_str() {
        "bool" => words(&["true", "false"]),
        "u8" | "u16" | "u32" | "u64" | "u128" | "usize" => words(&["0", "1"]),
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => words(&["0", "1", "-1"]),
        "f32" | "f64" => words(&["0.0", "1.0", "-1.0"]),
        "String" => words(&["String::new()", "\"xyzzy\".into()"]),
        "Option" => [vec!["None".to_owned()], wrapped("Some")].concat(),
        "Result" => wrapped("Ok"),
        "Box" => wrapped("Box::new"),
        "Vec" => {
            let one = inner().into_iter().map(|value| format!("vec![{value}]"));
            std::iter::once("vec![]".to_owned()).chain(one).collect()
        }
        _ => words(&["Default::default()"]),
    }
}
