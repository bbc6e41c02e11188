//! What every adapter must keep. A rule that is left out of its list is dead code, so the build fails.

macro_rules! every_adapter {
    ($($rule:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test]
                async fn $rule() {
                    let (_folder, store) = crate::testing::sqlite();
                    super::$rule(&store).await;
                }
            )*
        }

        mod mongo {
            $(
                #[tokio::test]
                #[ignore = "needs the servers that cargo xtask test starts"]
                async fn $rule() {
                    let (_database, store) = crate::testing::mongo().await;
                    super::$rule(&store).await;
                }
            )*
        }

        /// The store that tests use to make faults is, without any, as good as the one behind it.
        mod faulty_without_faults {
            $(
                #[tokio::test]
                async fn $rule() {
                    let (_folder, store) = crate::testing::sqlite();
                    super::$rule(&crate::store::faulty::FaultyStore::over(store)).await;
                }
            )*
        }
    };
}

mod attention;
mod conversations;
mod ended;
mod live;
mod log;
mod messages;
