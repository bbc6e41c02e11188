//! Updates of the app: how they are, and what a person wants of them. Whatever comes of a wish is told as a change.

use super::table::commands;
use crate::updates::Wish;
use crate::updates::view::UpdatesChannel;

commands! { for desk:
    updates() => |desk| Ok(desk.updates().view());
    look_for_updates() => |desk| {
        desk.updates().wish(Wish::Look);
        Ok(())
    };
    set_update_channel(channel: UpdatesChannel) => |desk| {
        desk.updates().wish(Wish::Choose(channel.into()));
        Ok(())
    };
    install_update() => |desk| {
        desk.updates().wish(Wish::Install);
        Ok(())
    };
}
