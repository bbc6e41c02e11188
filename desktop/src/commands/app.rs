//! The app itself: its version, what it was asked to open, its end.

use super::table::commands;

commands! { for desk:
    version() => |_desk| Ok(env!("CARGO_PKG_VERSION"));

    take_link() => |desk| Ok(desk.take_link());
    open_link(url: String) => |_desk| crate::links::open(&url).await;
    hide_window() => |desk| {
        desk.window().hide();
        Ok(())
    };
    quit() => |desk| {
        desk.quit();
        Ok(())
    };
}
