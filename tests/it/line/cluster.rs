//! The line on a Redis Cluster of three nodes.

use std::net::TcpListener;
use std::time::Duration;

use futures_util::future::join_all;
use paotui::domain::clock::At;
use paotui::domain::ids::{PersonId, ZoneId};
use paotui::line::{Line, LineError, Signal, Standing, What, open};

use super::house::{CENTRE, eventually, patient, ready};
use super::server::RedisServer;

const SLOTS: [&str; 3] = ["0 5460", "5461 10922", "10923 16383"];

struct Cluster {
    nodes: Vec<RedisServer>,
    url: String,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Cluster {
    async fn start() -> Self {
        let buses: Vec<_> = SLOTS.iter().map(|_| free_port().to_string()).collect();
        let nodes: Vec<_> = buses
            .iter()
            .map(|bus| {
                RedisServer::start_with(&[
                    "--cluster-enabled",
                    "yes",
                    "--cluster-port",
                    bus,
                    "--cluster-node-timeout",
                    "2000",
                    "--cluster-config-file",
                    "nodes.conf",
                ])
            })
            .collect();
        for (node, slots) in nodes.iter().zip(SLOTS) {
            node.ask(&format!("CLUSTER ADDSLOTSRANGE {slots}")).unwrap();
        }
        for (node, bus) in nodes.iter().zip(&buses).skip(1) {
            nodes[0].ask(&format!("CLUSTER MEET 127.0.0.1 {} {bus}", node.port)).unwrap();
        }
        for node in &nodes {
            eventually(20, "the cluster is whole", async || {
                let info: String = redis::from_redis_value(node.ask("CLUSTER INFO").unwrap()).unwrap();
                info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:3")
            })
            .await;
        }
        let url = format!("redis+cluster://127.0.0.1:{},127.0.0.1:{}", nodes[0].port, nodes[1].port);
        Self { nodes, url }
    }
}

/// One errand and one runner come in, one claim is made and put back.
async fn a_day_in(line: &dyn Line, zone: ZoneId) -> Result<(), LineError> {
    let (errand, runner) = (ready(1), PersonId::mint());
    line.rebuild(zone, &Standing { ready: vec![ready(2)], runners: vec![(runner, CENTRE)], leases: vec![] }).await?;
    line.enqueue(zone, &[errand]).await?;
    assert_eq!(line.most_urgent(zone, 1).await?, [errand]);
    assert_eq!(line.near(zone, CENTRE, 250.0, 9).await?.len(), 1);
    assert!(line.claim(zone, errand.errand, runner, At(7)).await?);
    assert_eq!(line.leases_ended(zone, At(7), 9).await?, [errand.errand]);
    line.put_back(zone, errand).await?;
    assert_eq!(line.sample(zone, 9).await?.len(), 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn zones_on_all_nodes_work_and_signals_reach_listeners_on_others() {
    let cluster = Cluster::start().await;
    let one = patient(&cluster.url, "paotui").await.unwrap();
    let other_end = format!("redis+cluster://127.0.0.1:{}", cluster.nodes[2].port);
    let two = patient(&other_end, "paotui").await.unwrap();
    let zones: Vec<_> = (0..24).map(|_| ZoneId::mint()).collect();
    for outcome in join_all(zones.iter().map(|zone| a_day_in(&*one, *zone))).await {
        outcome.unwrap();
    }
    for node in &cluster.nodes {
        node.ask("SCRIPT FLUSH").unwrap();
    }
    for zone in &zones {
        assert_eq!(two.census(*zone).await.unwrap().unwrap().ready, 2);
    }
    let (mut ear, signal) = (two.subscribe(), Signal { zone: zones[0], what: What::Runner(PersonId::mint()) });
    eventually(10, "a signal through another node", async || {
        one.publish(signal).await.unwrap();
        let heard = tokio::time::timeout(Duration::from_millis(200), ear.recv()).await;
        heard.is_ok_and(|heard| heard == Ok(signal))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_moved_slot_is_followed() {
    let cluster = Cluster::start().await;
    let line = patient(&cluster.url, "paotui").await.unwrap();
    let zone = ZoneId::mint();
    a_day_in(&*line, zone).await.unwrap();
    let slot: u64 =
        redis::from_redis_value(cluster.nodes[0].ask(&format!("CLUSTER KEYSLOT c:{zone}")).unwrap()).unwrap();
    let from = cluster.nodes.iter().position(|node| {
        let keys: i64 = redis::from_redis_value(node.ask(&format!("CLUSTER COUNTKEYSINSLOT {slot}")).unwrap()).unwrap();
        keys > 0
    });
    let to = &cluster.nodes[(from.expect("somebody has the zone") + 1) % 3];
    let id: String = redis::from_redis_value(to.ask("CLUSTER MYID").unwrap()).unwrap();
    // The zone's keys are left behind: to the line that is a lost zone, to be rebuilt where the slot lives now.
    cluster.nodes[from.unwrap()].ask("FLUSHALL").unwrap();
    for node in &cluster.nodes {
        node.ask(&format!("CLUSTER SETSLOT {slot} NODE {id}")).unwrap();
    }
    assert_eq!(line.census(zone).await, Ok(None), "the redirect is followed within the one call");
    a_day_in(&*line, zone).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_that_is_away_is_down_and_heals() {
    let mut cluster = Cluster::start().await;
    let line = open(&cluster.url, "paotui").await.unwrap();
    let zone = ZoneId::mint();
    eventually(5, "a day", async || a_day_in(&*line, zone).await.is_ok()).await;
    for node in &mut cluster.nodes {
        node.kill();
    }
    for _ in 0..6 {
        let began = std::time::Instant::now();
        assert!(matches!(line.census(zone).await, Err(LineError::Down(_))));
        assert!(began.elapsed() < Duration::from_millis(450), "{:?}", began.elapsed());
    }
    for node in &mut cluster.nodes {
        assert!(node.begin());
    }
    eventually(20, "the line heals", async || line.census(zone).await == Ok(None)).await;
    eventually(5, "a day", async || a_day_in(&*line, zone).await.is_ok()).await;
}

#[tokio::test]
async fn a_cluster_that_is_not_there_yet_does_not_hinder_the_start() {
    let line = open("redis+cluster://127.0.0.1:1,127.0.0.1:2", "paotui").await.unwrap();
    assert!(matches!(line.census(ZoneId::mint()).await, Err(LineError::Down(_))));
}
