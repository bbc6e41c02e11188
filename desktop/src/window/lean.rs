//! What the window's engine is told so that it takes no more memory than a window of a chat needs.
//!
//! WebKitGTK is set by variables of the environment. Whatever the person set stays as it is. Engines of other systems
//! need nothing.

/// For how large a machine the engine collects garbage, in bytes. It lets more of it lie the more memory there is: with
/// one message a second the page grew to three times its size before anything was collected.
const COLLECTS_AS_IF: (&str, &str) = ("JSC_forceRAMSize", "268435456");

/// Interprets the page's code. Compiling what runs often keeps about 80 MB of code, and of what it was made from; the
/// page draws as well without, since most of its time is the engine's own.
const INTERPRETS: (&str, &str) = ("JSC_useJIT", "0");

/// Draws without OpenGL. Where no graphics card does the work, OpenGL is done by the processor, with buffers and
/// compiled shaders in memory, for the same picture.
const DRAWS_PLAINLY: (&str, &str) = ("WEBKIT_DISABLE_COMPOSITING_MODE", "1");

/// Where Linux shows the graphics cards that programs may use.
const CARDS: &str = "/dev/dri";

/// The variables for the window's program.
pub(super) fn environment() -> Vec<(&'static str, &'static str)> {
    if !cfg!(target_os = "linux") {
        return Vec::new();
    }
    let has_card = std::fs::read_dir(CARDS).is_ok_and(|mut cards| {
        cards.any(|card| card.is_ok_and(|card| card.file_name().to_string_lossy().starts_with("renderD")))
    });
    let mut wanted = vec![COLLECTS_AS_IF, INTERPRETS];
    if !has_card {
        wanted.push(DRAWS_PLAINLY);
    }
    wanted.retain(|(name, _)| !is_set(name));
    wanted
}

#[expect(
    clippy::disallowed_methods,
    reason = "these are no settings of ours: they are only not overruled"
)]
fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some()
}
