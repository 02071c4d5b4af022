//! (module results)
