//! The window of the Loquat desktop app, started by `loquat` when a person wants to see something.

// A release build on Windows opens no console beside the window.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    loquat_window::run()
}
