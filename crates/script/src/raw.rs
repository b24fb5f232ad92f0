//! The promises that the engine needs and the compiler can't check. Everything unsafe of this crate is here.
//!
//! - **Memory**: the engine asks us for each byte, so that we count and refuse. QuickJS's own counter knows neither the peak nor
//!   whether it ever refused, and its refusal reaches the program as `null`.
//! - **Bytecode**: QuickJS believes the bytecode that it loads. We give it only what [`compiled`] wrote, in this process and version.
//! - **The host**: a function inside the engine must be `'static`, while the host lives as long as the run.

#![expect(unsafe_code, reason = "the three promises above, each with its reason")]

use std::alloc::{Layout, alloc, alloc_zeroed, dealloc, realloc};
use std::cell::Cell;
use std::marker::PhantomData;
use std::ptr::{self, NonNull};
use std::rc::Rc;

use rquickjs::allocator::Allocator;
use rquickjs::module::{Declared, WriteOptions};
use rquickjs::{Ctx, Module, TypedArray};

use crate::run::host::Host;
use crate::run::meter::Meter;

/// Every block starts with its size; QuickJS needs the alignment of a `u64`, and 16 keeps the header's neighbor aligned for anything.
const HEADER: usize = 16;

/// Writes the size of a block into its header.
///
/// # Safety
///
/// The block has at least [`HEADER`] bytes.
unsafe fn write_size(block: *mut u8, size: usize) {
    // SAFETY: the caller promises the bytes; no alignment is needed.
    unsafe { ptr::copy_nonoverlapping(size.to_ne_bytes().as_ptr(), block, size_of::<usize>()) }
}

/// Reads the size of a block from its header.
///
/// # Safety
///
/// The block has a header that [`write_size`] wrote.
unsafe fn read_size(block: *const u8) -> usize {
    // SAFETY: the caller promises the bytes; no alignment is needed.
    usize::from_ne_bytes(unsafe { block.cast::<[u8; size_of::<usize>()]>().read() })
}

/// The engine's memory, counted by a [`Meter`].
pub(crate) struct Counted(pub(crate) Rc<Meter>);

impl Counted {
    fn layout(size: usize) -> Option<Layout> {
        Layout::from_size_align(size.checked_add(HEADER)?, HEADER).ok()
    }

    fn take(&self, size: usize, from: unsafe fn(Layout) -> *mut u8) -> *mut u8 {
        let Some(layout) = Self::layout(size) else {
            self.0.refuse_memory();
            return ptr::null_mut();
        };
        if !self.0.grow(0, size) {
            return ptr::null_mut();
        }
        // SAFETY: the layout is not empty, for it has a header.
        let block = unsafe { from(layout) };
        if block.is_null() {
            self.0.shrink(size);
            self.0.refuse_memory();
            return block;
        }
        // SAFETY: the block begins with HEADER bytes for the size, aligned to 16.
        unsafe {
            write_size(block, size);
            block.add(HEADER)
        }
    }
}

// SAFETY: blocks come from the global allocator with an alignment of 16 and at least the size asked for; `usable_size` says what was
// asked for; a refusal is a null pointer.
unsafe impl Allocator for Counted {
    fn alloc(&mut self, size: usize) -> *mut u8 {
        self.take(size, alloc)
    }

    fn calloc(&mut self, count: usize, size: usize) -> *mut u8 {
        match count.checked_mul(size) {
            Some(size) => self.take(size, alloc_zeroed),
            None => ptr::null_mut(),
        }
    }

    unsafe fn dealloc(&mut self, pointer: *mut u8) {
        // SAFETY: the caller promises that the block is ours, so it has a header and the layout it was made with.
        unsafe {
            let block = pointer.sub(HEADER);
            let size = read_size(block);
            self.0.shrink(size);
            dealloc(
                block,
                Layout::from_size_align_unchecked(size + HEADER, HEADER),
            );
        }
    }

    unsafe fn realloc(&mut self, pointer: *mut u8, new_size: usize) -> *mut u8 {
        if pointer.is_null() {
            return self.alloc(new_size);
        }
        let Some(new_layout) = Self::layout(new_size) else {
            self.0.refuse_memory();
            return ptr::null_mut();
        };
        // SAFETY: as in `dealloc`; the new size is that of a valid layout.
        unsafe {
            let block = pointer.sub(HEADER);
            let size = read_size(block);
            if !self.0.grow(size, new_size) {
                return ptr::null_mut();
            }
            let layout = Layout::from_size_align_unchecked(size + HEADER, HEADER);
            let block = realloc(block, layout, new_layout.size());
            if block.is_null() {
                self.0.shrink(new_size);
                self.0.regrow(size);
                self.0.refuse_memory();
                return block;
            }
            write_size(block, new_size);
            block.add(HEADER)
        }
    }

    unsafe fn usable_size(pointer: *mut u8) -> usize {
        // SAFETY: the caller promises that the block is ours.
        unsafe { read_size(pointer.sub(HEADER)) }
    }
}

/// Compiles a module to bytecode. Names and places of functions stay, for stack traces; the text doesn't.
///
/// # Errors
///
/// What QuickJS says of the text: a syntax error is an exception in `ctx`.
pub(crate) fn compiled(ctx: &Ctx<'_>, name: &str, code: &str) -> rquickjs::Result<Vec<u8>> {
    Module::declare(ctx.clone(), name, code)?.write(WriteOptions {
        strip_source: true,
        ..WriteOptions::default()
    })
}

/// Loads what [`compiled`] wrote.
///
/// # Errors
///
/// [`rquickjs::Error::Exception`] when memory is short.
pub(crate) fn load<'js>(
    ctx: &Ctx<'js>,
    module: &crate::program::Module,
) -> rquickjs::Result<Module<'js, Declared>> {
    // SAFETY: the field is written by `compiled` alone, in this process, and never changed.
    unsafe { Module::load(ctx.clone(), &module.bytecode) }
}

/// A copy of the bytes of an array; empty if it was detached.
pub(crate) fn bytes(array: &TypedArray<'_, u8>) -> Vec<u8> {
    // SAFETY: nothing of the engine runs while the bytes are copied, so that they are neither changed nor freed.
    unsafe { array.as_bytes() }.map_or_else(Vec::new, <[u8]>::to_vec)
}

/// A host that the engine may call while a [`Lending`] lives; nobody before and after.
#[derive(Clone, Default)]
pub(crate) struct Lent(Rc<Cell<Option<NonNull<dyn Host>>>>);

/// Keeps the host borrowed; dropping it takes the host away from the engine.
pub(crate) struct Lending<'a> {
    lent: Lent,
    host: PhantomData<&'a mut dyn Host>,
}

impl<'a> Lending<'a> {
    pub(crate) fn to(lent: &Lent, host: &'a mut (dyn Host + 'a)) -> Self {
        let pointer = NonNull::from(host);
        // SAFETY: only the lifetime is changed. The pointer is reached through the cell alone, and `drop` empties the cell while
        // `'a` still holds.
        let pointer = unsafe {
            std::mem::transmute::<NonNull<dyn Host + 'a>, NonNull<dyn Host + 'static>>(pointer)
        };
        lent.0.set(Some(pointer));
        Self {
            lent: lent.clone(),
            host: PhantomData,
        }
    }
}

impl Drop for Lending<'_> {
    fn drop(&mut self) {
        self.lent.0.set(None);
    }
}

impl Lent {
    /// Calls the host with `f`, or gives `None` when it is gone or is being called.
    pub(crate) fn with<T>(&self, f: impl FnOnce(&mut dyn Host) -> T) -> Option<T> {
        let mut pointer = self.0.take()?;
        // SAFETY: the pointer came from a unique borrow that its `Lending` still holds, and it is out of the cell, so nobody else
        // uses it at the same time.
        let answer = f(unsafe { pointer.as_mut() });
        self.0.set(Some(pointer));
        Some(answer)
    }
}
