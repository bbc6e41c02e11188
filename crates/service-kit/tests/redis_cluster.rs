//! What is different on a cluster: keys and channels lie on several nodes.

use std::time::Duration;

use service_kit::redis::{Cmd, Message, News, Redis, Script, Subscription};
use service_kit::{Random as _, SystemRandom};
use test_kit::engines::redis_cluster_url;

/// Everything a test waits for comes before this, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// As many as chat-service has.
const CHANNELS: usize = 64;

/// Names that no other test has.
fn cluster() -> Redis {
    let prefix = format!("test:{:032x}", SystemRandom.bits());
    let redis = Redis::new(&redis_cluster_url(), None).expect("TEST_REDIS_CLUSTER_URL names a Redis");
    redis.with_prefix(&prefix)
}

fn channels(redis: &Redis) -> Vec<String> {
    (0..CHANNELS)
        .map(|number| redis.name(&format!("shard:{number}")))
        .collect()
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn keys_are_found_on_whichever_node_they_lie() {
    let redis = cluster();
    for number in 0..100_u32 {
        let key = redis.name(&format!("key:{number}"));
        let mut set = Cmd::new();
        set.arg("SET").arg(&key).arg(number).arg("EX").arg(60);
        redis.query::<()>(&set).await.unwrap();
    }
    for number in 0..100_u32 {
        let mut get = Cmd::new();
        get.arg("GET").arg(redis.name(&format!("key:{number}")));
        assert_eq!(redis.query::<u32>(&get).await.unwrap(), number);
    }
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_script_runs_where_its_key_lies() {
    let redis = cluster();
    let count =
        Script::new("redis.call('INCR', KEYS[1]) redis.call('EXPIRE', KEYS[1], 60) return redis.call('GET', KEYS[1])");
    for number in 0..20_u32 {
        let key = redis.name(&format!("count:{number}"));
        assert_eq!(redis.run_script::<u32>(&count, &[&key], &[]).await.unwrap(), 1);
        assert_eq!(redis.run_script::<u32>(&count, &[&key], &[]).await.unwrap(), 2);
    }
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn one_go_reaches_the_channels_of_all_nodes() {
    let redis = cluster();
    let channels = channels(&redis);
    let mut subscription = redis.listen(&channels).await.unwrap();
    let message = |channel: &String| Message {
        channel: channel.clone(),
        payload: channel.clone().into_bytes(),
    };
    let messages: Vec<Message> = channels.iter().map(message).collect();

    redis.publish(&messages).await.unwrap();

    let mut heard = Vec::new();
    while heard.len() < channels.len() {
        let news = tokio::time::timeout(PATIENCE, subscription.next()).await;
        let Ok(News::Message(message)) = news else {
            panic!("after {} messages: {news:?}", heard.len())
        };
        assert_eq!(message.channel.as_bytes(), message.payload);
        heard.push(message.channel);
    }
    heard.sort();
    let mut wanted = channels;
    wanted.sort();
    assert_eq!(heard, wanted);
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_script_is_one_step_for_keys_with_one_tag() {
    let redis = cluster();
    let (tag, one, other) = (redis.name("{tag}"), redis.name("{tag}:one"), redis.name("{tag}:other"));
    let take_one_of_five = Script::new(
        "local taken = redis.call('INCR', KEYS[1]) + redis.call('INCR', KEYS[2])
         redis.call('EXPIRE', KEYS[1], 60) redis.call('EXPIRE', KEYS[2], 60)
         return taken <= 10 and 1 or 0",
    );
    let take = async || redis.run_script::<i64>(&take_one_of_five, &[&one, &other], &[]).await;
    let taken = futures_util::future::join_all((0..16).map(|_| take())).await;
    assert_eq!(taken.into_iter().map(Result::unwrap).sum::<i64>(), 5, "{tag}");
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn each_channel_keeps_its_order() {
    const MESSAGES: usize = 50;
    let redis = cluster();
    let channels: Vec<String> = channels(&redis).into_iter().take(8).collect();
    let mut subscription = redis.listen(&channels).await.unwrap();
    for number in 0..MESSAGES {
        let message = |channel: &String| Message {
            channel: channel.clone(),
            payload: number.to_string().into_bytes(),
        };
        let messages: Vec<Message> = channels.iter().map(message).collect();
        redis.publish(&messages).await.unwrap();
    }
    let mut heard = std::collections::BTreeMap::<String, usize>::new();
    for _ in 0..MESSAGES * channels.len() {
        let News::Message(message) = next(&mut subscription).await else {
            panic!("lost after {heard:?}")
        };
        let expected = heard.entry(message.channel).or_default();
        assert_eq!(message.payload, expected.to_string().into_bytes());
        *expected += 1;
    }
}

#[tokio::test]
#[ignore = "needs the servers that cargo xtask test starts"]
async fn a_lost_connection_to_one_node_is_told_and_listening_again_works() {
    let redis = cluster();
    // Under a name of its own, so that nobody else's connection is cut.
    let name = format!("test{:032x}", SystemRandom.bits());
    redis
        .query::<()>(&acl(&["SETUSER", &name, "on", ">pw", "~*", "&*", "+@all"]))
        .await
        .unwrap();
    let mut url = url::Url::parse(&redis_cluster_url()).unwrap();
    url.set_username(&name).unwrap();
    url.set_password(Some("pw")).unwrap();
    let listener = Redis::new(url.as_str(), None).unwrap();
    let channels = channels(&redis);
    let mut subscription = listener.listen(&channels).await.unwrap();

    assert!(end_connections_at_one_node(&name).await > 0, "nobody listened there");

    while !matches!(next(&mut subscription).await, News::Lost) {}
    let mut subscription = listener.listen(&channels).await.unwrap();
    let message = |channel: &String| Message {
        channel: channel.clone(),
        payload: b"again".to_vec(),
    };
    let messages: Vec<Message> = channels.iter().map(message).collect();
    redis.publish(&messages).await.unwrap();
    for _ in &channels {
        assert!(matches!(next(&mut subscription).await, News::Message(_)));
    }
    redis.query::<()>(&acl(&["DELUSER", &name])).await.unwrap();
}

async fn next(subscription: &mut Subscription) -> News {
    tokio::time::timeout(PATIENCE, subscription.next())
        .await
        .expect("news should come")
}

fn acl(arguments: &[&str]) -> Cmd {
    let mut acl = Cmd::new();
    acl.arg("ACL").arg(arguments);
    acl
}

/// Ends the connections of this user to the node whose address stands in the URL, and answers how many there were.
async fn end_connections_at_one_node(user: &str) -> u32 {
    let mut url = url::Url::parse(&redis_cluster_url()).expect("TEST_REDIS_CLUSTER_URL is a URL");
    url.set_query(None);
    let mut kill = Cmd::new();
    kill.arg("CLIENT").arg("KILL").arg("USER").arg(user);
    let node = Redis::new(url.as_str(), None).expect("TEST_REDIS_CLUSTER_URL names a Redis");
    node.query(&kill).await.expect("the node answers")
}
