//! (module chart)
