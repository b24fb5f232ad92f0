//! What slices keep in memory for the life of the process: caches, threads. One value a type, made when it is first wanted.
//!
//! It is a field of the installation and no global: two installations in one process share nothing.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Values by their type.
#[derive(Default)]
pub(super) struct Memory(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Memory {
    /// The value of this type; the first caller makes it.
    pub(super) fn get<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> Arc<T> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let value = all
            .entry(TypeId::of::<T>())
            .or_insert_with(|| Arc::new(make()));
        Arc::clone(value)
            .downcast()
            .expect("what lies under a type is of that type")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_made_once_for_each_type() {
        let memory = Memory::default();
        assert_eq!(*memory.get(|| 1_u8), 1);
        assert_eq!(*memory.get(|| 2_u8), 1);
        assert_eq!(*memory.get(|| 3_u16), 3);
    }
}
