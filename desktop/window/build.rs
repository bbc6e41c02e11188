//! Prepares what `tauri::generate_context!` reads: the configuration, the capabilities and the built window.

use std::path::Path;

/// What the window shows when the interface was not built. A fresh clone can then be checked without Node.
const NOT_BUILT: &str = "<!doctype html><title>Loquat</title><p>The interface is not built. \
    Run <code>npm ci && npm run build</code> in <code>desktop-ui</code>, then build the app again.</p>\n";

#[expect(
    clippy::disallowed_methods,
    reason = "Cargo speaks to build scripts through the environment"
)]
fn main() {
    let interface = Path::new("../../desktop-ui/dist");
    let page = interface.join("index.html");
    if !page.exists() {
        std::fs::create_dir_all(interface).expect("desktop-ui/dist can be created");
        std::fs::write(&page, NOT_BUILT).expect("desktop-ui/dist/index.html can be written");
    }
    if std::env::var_os("CARGO_FEATURE_CUSTOM_PROTOCOL").is_some() {
        // The interface becomes a part of the program, so a new one means a new program.
        println!("cargo:rerun-if-changed={}", interface.display());
    }
    tauri_build::build();
}
