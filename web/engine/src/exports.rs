//! The functions that the page calls. Memory is handed over by address and length.

use std::alloc::Layout;

use crate::message::Message;
use crate::requests::answer;

/// Messages start with numbers of 8 bytes after their document.
const ALIGNMENT: usize = 8;

fn layout(size: usize) -> Layout {
    Layout::from_size_align(size.max(1), ALIGNMENT).expect("a message is smaller than the memory")
}

/// Reserves `size` bytes for a request.
///
/// # Safety
/// The bytes are to be written before they are passed to [`mingle_answer`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mingle_reserve(size: usize) -> *mut u8 {
    // SAFETY: the size of the layout is not 0.
    unsafe { std::alloc::alloc_zeroed(layout(size)) }
}

/// Answers the request at `request`. Returns the address of the reply; its first 8 bytes are the length of what
/// follows them. The request is released; the reply is to be released by [`mingle_release`].
///
/// # Safety
/// `request` has `size` bytes and comes from [`mingle_reserve`] with the same size.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mingle_answer(request: *mut u8, size: usize) -> *mut u8 {
    // SAFETY: see above; the bytes are not used after they are released.
    let message = unsafe { Message::read(std::slice::from_raw_parts(request, size)) };
    unsafe { std::alloc::dealloc(request, layout(size)) };
    let reply = answer(message).write();
    // SAFETY: both regions are valid for the length of the reply and do not overlap.
    unsafe {
        let place = mingle_reserve(reply.len() + 8);
        place.cast::<u64>().write(reply.len() as u64);
        std::ptr::copy_nonoverlapping(reply.as_ptr(), place.add(8), reply.len());
        place
    }
}

/// Releases a reply.
///
/// # Safety
/// `reply` comes from [`mingle_answer`], and `size` is the length that it starts with.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mingle_release(reply: *mut u8, size: usize) {
    // SAFETY: a reply is reserved with the same layout.
    unsafe { std::alloc::dealloc(reply, layout(size + 8)) }
}
