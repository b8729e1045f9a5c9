//! How to use this crate, by what you have to do.
//!
//! | you | see |
//! |---|---|
//! | followed a tutorial on `ETag` | [`tutorial`]: what makes a 304, what goes wrong, and how to fix it |
//! | have a server, on axum, hyper, actix-web or another framework | [`servers`]: a handler that answers 304 and 412 |
//! | build a framework | [`frameworks`]: where the evaluation belongs, and what it is given |
//! | write C, JavaScript or Python | [`languages`]: the same decisions there |
//! | serve files | [`file_server`]: a whole one, with ranges, 304 and 412 |
//! | move a server with users to this crate | [`notices`]: what they will notice, and how to keep what they had |
//! | have an entity tag that is slow to compute | [`slow_etags`]: ask first whether a condition needs it |
//! | let clients write | [`locks`]: no update lost, with a lock or with compare-and-swap |
//! | compress, or sit behind a proxy that does | [`compression`]: one tag for each content coding |
//! | run more than one machine | [`fleets`]: which tags agree between machines, and which tell too much |
//! | have a request with a puzzling answer | [`answers`]: why it got a 200, a 304 or a 412 |
//! | check regularly whether something is new | [`feed_reader`]: a whole program |
//! | resume downloads that break off | [`resume`]: what to keep, to ask, and to check |
//! | ask an API more often than it changes | [`cache_an_api`]: a cache in front of it |
//! | speak S3, WebDAV or CalDAV | [`dialects`]: which of their conditions are evaluated here |
//! | want to know what the RFC leaves open | [`choices`]: what this crate does there |
//! | choose a crate | [`other_crates`]: what the others do, and where they are better |
//! | come from something else | [`migration`]: from the types of `headers`, or from a comparison by hand |
//!
//! For devices without an operating system, see [`embedded`](crate::embedded); for a store that several
//! servers share, [`past_one_machine`](crate::past_one_machine).

#[doc = include_str!("answers.md")]
pub mod answers {}
#[cfg(feature = "cache")]
#[doc = include_str!("cache_an_api.md")]
pub mod cache_an_api {}
#[doc = include_str!("choices.md")]
pub mod choices {}
#[doc = include_str!("compression.md")]
pub mod compression {}
#[doc = include_str!("dialects.md")]
pub mod dialects {}
#[cfg(feature = "cache")]
#[doc = include_str!("feed_reader.md")]
pub mod feed_reader {}
#[doc = include_str!("file_server.md")]
pub mod file_server {}
#[doc = include_str!("fleets.md")]
pub mod fleets {}
#[doc = include_str!("frameworks.md")]
pub mod frameworks {}
#[doc = include_str!("languages.md")]
pub mod languages {}
#[doc = include_str!("locks.md")]
pub mod locks {}
#[doc = include_str!("migration.md")]
pub mod migration {}
#[doc = include_str!("notices.md")]
pub mod notices {}
#[doc = include_str!("other_crates.md")]
pub mod other_crates {}
#[cfg(feature = "cache")]
#[doc = include_str!("resume.md")]
pub mod resume {}
#[doc = include_str!("servers.md")]
pub mod servers {}
#[doc = include_str!("slow_etags.md")]
pub mod slow_etags {}
#[doc = include_str!("tutorial.md")]
pub mod tutorial {}
