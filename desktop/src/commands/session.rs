//! Signing in and out, and the state of the connection.

use super::table::commands;

commands! { for desk:
    session() => |desk| Ok(desk.client().await?.session().await);
    connection() => |desk| Ok(desk.client().await?.connection());
    server_choice() => |desk| desk.client().await?.server_choice().await;
    check_server(address: String) => |desk| desk.client().await?.check_server(&address).await;
    request_code(server: String, email: String) => |desk| desk.client().await?.request_code(&server, &email).await;
    sign_in(code: String) => |desk| desk.client().await?.sign_in(&code).await;
    sign_out() => |desk| desk.client().await?.sign_out().await;
    reconnect_now() => |desk| {
        desk.client().await?.reconnect_now().await;
        Ok(())
    };
    read_invitation(link: String) => |desk| desk.client().await?.read_invitation(&link).await;
    accept_invitation(link: String) => |desk| desk.client().await?.accept_invitation(&link).await;
}
