use test_kit::engines::redis_url;
use test_kit::fault_proxy::{FaultProxy, Network};

use super::*;

/// Everything a test waits for comes before this, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A name that no other test has.
fn fresh(name: &str) -> String {
    format!("test:{name}:{:032x}", crate::Random::bits(&crate::SystemRandom))
}

fn redis() -> Redis {
    Redis::new(&redis_url(), None).unwrap()
}

fn server() -> std::net::SocketAddr {
    let url = url::Url::parse(&redis_url()).unwrap();
    url.socket_addrs(|| Some(6379)).unwrap()[0]
}

async fn by_way_of(proxy: &FaultProxy) -> Redis {
    let mut url = url::Url::parse(&redis_url()).unwrap();
    url.set_host(Some(&proxy.address().ip().to_string())).unwrap();
    url.set_port(Some(proxy.address().port())).unwrap();
    Redis::new(url.as_str(), None).unwrap()
}

async fn next(subscription: &mut Subscription) -> News {
    tokio::time::timeout(PATIENCE, subscription.next())
        .await
        .expect("news should come")
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_script_is_one_step_for_all_who_run_it_at_once() {
    let (redis, key) = (redis(), fresh("script"));
    let take_one_of_five = Script::new(
        "local taken = redis.call('INCR', KEYS[1])
         redis.call('PEXPIRE', KEYS[1], ARGV[1])
         return taken <= 5 and 1 or 0",
    );
    let take = async || redis.run_script::<i64>(&take_one_of_five, &[&key], &[b"60000"]).await;
    let takers = (0..16).map(|_| take());
    let taken = futures_util::future::join_all(takers).await;
    assert_eq!(taken.into_iter().map(Result::unwrap).sum::<i64>(), 5);
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn what_is_published_reaches_those_who_listen_in_its_order() {
    let (redis, channel) = (redis(), fresh("channel"));
    let mut one = redis.listen(&[channel.clone(), fresh("other")]).await.unwrap();
    let mut other = redis.listen(std::slice::from_ref(&channel)).await.unwrap();
    let messages: Vec<Message> = (0..100_u8)
        .map(|number| Message {
            channel: channel.clone(),
            payload: vec![number, 0, 255],
        })
        .collect();
    redis.publish(&messages).await.unwrap();
    for subscription in [&mut one, &mut other] {
        for number in 0..100 {
            let News::Message(message) = next(subscription).await else {
                panic!("lost")
            };
            assert_eq!(
                (message.channel.as_str(), message.payload[0]),
                (channel.as_str(), number)
            );
        }
    }
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_lost_link_is_told_and_everything_works_again_when_it_is_back() {
    let proxy = FaultProxy::to(server()).await.unwrap();
    let (redis, channel) = (by_way_of(&proxy).await, fresh("channel"));
    let mut subscription = redis.listen(std::slice::from_ref(&channel)).await.unwrap();
    assert!(redis.query::<String>(&cmd("PING")).await.is_ok());

    proxy.set(Network::Refusing);
    proxy.cut();
    assert!(matches!(next(&mut subscription).await, News::Lost));
    let started = tokio::time::Instant::now();
    let refused = redis.query::<String>(&cmd("PING")).await;
    assert!(matches!(refused, Err(CacheError::Away(_))), "{refused:?}");
    assert!(started.elapsed() < DEADLINE * 2, "it took {:?}", started.elapsed());
    assert!(redis.listen(std::slice::from_ref(&channel)).await.is_err());

    proxy.set(Network::Whole);
    let answers = async { while redis.query::<String>(&cmd("PING")).await.is_err() {} };
    assert!(tokio::time::timeout(PATIENCE, answers).await.is_ok());
    let mut subscription = redis.listen(std::slice::from_ref(&channel)).await.unwrap();
    let message = Message {
        channel,
        payload: b"again".to_vec(),
    };
    redis.publish(&[message]).await.unwrap();
    assert!(matches!(next(&mut subscription).await, News::Message(_)));
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_server_that_answers_nothing_is_away_within_the_deadline() {
    let proxy = FaultProxy::to(server()).await.unwrap();
    let redis = by_way_of(&proxy).await;
    assert!(redis.query::<String>(&cmd("PING")).await.is_ok());
    proxy.set(Network::Stalled);
    let started = tokio::time::Instant::now();
    let refused = redis.query::<String>(&cmd("PING")).await;
    assert!(matches!(refused, Err(CacheError::Away(_))), "{refused:?}");
    assert!(started.elapsed() < DEADLINE * 2, "it took {:?}", started.elapsed());
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_wrong_command_is_a_fault_and_not_an_absence() {
    let refused = redis().query::<String>(&cmd("NOSUCHCOMMAND")).await;
    assert!(matches!(refused, Err(CacheError::Broken(_))), "{refused:?}");
}

#[tokio::test]
async fn nobody_there_is_away_and_the_password_is_not_told() {
    let redis = Redis::new("redis://:topsecret@127.0.0.1:1/", None).unwrap();
    let refused = redis.query::<String>(&cmd("PING")).await.unwrap_err();
    assert!(matches!(refused, CacheError::Away(_)), "{refused}");
    assert!(!format!("{refused} {redis:?}").contains("topsecret"));
}
