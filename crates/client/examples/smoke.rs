use client::*;
use protocol::rest::identity::Device;
use std::sync::Arc;
#[tokio::main]
async fn main() {
    let a = std::env::args().collect::<Vec<_>>();
    let c = Client::open(
        ClientSettings {
            data_dir: "/tmp/w/smoke/x".into(),
            device: Device {
                name: "d".into(),
                system: "s".into(),
            },
            server: None,
        },
        Arc::new(MemorySecrets::default()),
    )
    .await
    .unwrap();
    println!("{:?}", c.check_server(&a[1]).await);
}
