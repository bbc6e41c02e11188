//! What helps to find out what went wrong.

use client::view::Failure;

use super::new_file;
use super::table::commands;
use crate::desk::Desk;
use crate::support::LogLevel;

commands! { for desk:
    support() => |desk| Ok(desk.support().view());
    set_log_level(level: LogLevel) => |desk| desk.support().set_level(level);
    forget_crash() => |desk| {
        desk.support().forget_crash();
        Ok(())
    };
    save_diagnostics() => |desk| save(desk).await;
}

/// Writes a file for support into the downloads folder and answers where.
async fn save(desk: &Desk) -> Result<String, Failure> {
    let content = desk.support().bundle(desk).await?;
    new_file::write(desk.downloads(), "loquat-support.zip", content).await
}
