//! What a struct asks of its type parameters, where it asks for nothing: the struct's module has
//! traits of these names for those of which it asks more.

/// Traits that every type has.
macro_rules! no_bounds {
    ($($name:ident)*) => {
        $(
            /// Asks for nothing.
            #[doc(hidden)] // Every type would be shown with it.
            pub trait $name {}

            impl<T: ?Sized> $name for T {}
        )*
    };
}

no_bounds!(Bounds0 Bounds1 Bounds2 Bounds3 Bounds4 Bounds5 Bounds6 Bounds7);
