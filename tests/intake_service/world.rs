//! A deployment in a temporary folder: an intake that listens, kiosks that are enrolled, staff with keys.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use heard::form::{Band, Flag, Lane};
use heard::id::{from_hex, to_hex};
use heard::intake::admin;
use heard::intake::setup::{InitOptions, PublicFacts, init};
use heard::intake::{Running, Server, Waits};
use heard::pinned::{Patience, RELEASED, client};
use heard::seal::{Destination, Identity, Recipient, SealingKeys, random_array, seal};
use heard::time::{ClockReading, Confidence, Timestamp};
use heard::wire::api::{self, CaseList, EnrolReply, EnrolRequest, HandedOver, Nonce, desk_signing_bytes};
use heard::wire::v1::{Content, Health, Kind, NewsCursor, RoutingSlip};
use heard::wire::{Anchor, AnswerPage, Bundle, BundleFile, Cost, Envelope, LaneKeys, Token, read_page};
use reqwest::Method;
use reqwest::blocking::{Client, Response};
use serde::de::DeserializeOwned;
use tempfile::TempDir;

/// One deployment.
pub(crate) struct World {
    pub(crate) temporary: TempDir,
    pub(crate) root: SigningKey,
    pub(crate) facts: PublicFacts,
    pub(crate) bundle: Bundle,
    pub(crate) client: Client,
    pub(crate) running: Option<Running>,
    /// Where another process serves the same folder.
    pub(crate) elsewhere: Option<String>,
    waits: Waits,
}

/// A kiosk that is enrolled.
pub(crate) struct Kiosk {
    pub(crate) keys: SealingKeys,
}

/// Somebody at a desk.
pub(crate) struct Person {
    pub(crate) key: SigningKey,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with_waits(Waits::STANDARD)
    }

    pub(crate) fn with_waits(waits: Waits) -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let root = SigningKey::from_bytes(&random_array().unwrap());
        let options = InitOptions {
            root: root.verifying_key().to_bytes(),
            names: vec!["localhost".into(), "127.0.0.1".into()],
            router_escrow: Identity::generate().unwrap().recipient(),
            cost: Cost::LEAST,
        };
        let facts = init(&temporary.path().join("intake"), options).unwrap();
        let anchor = Anchor::parse(&facts.anchor).unwrap();
        let key = || Identity::generate().unwrap().recipient().0;
        let bundle = Bundle {
            sequence: 1,
            issued: Timestamp(1_800_000_000),
            acknowledgement_key: facts.acknowledgement_key,
            router: facts.router.0,
            router_escrow: facts.router_escrow.0,
            lanes: Lane::ALL
                .into_iter()
                .map(|lane| LaneKeys {
                    lane,
                    team: key(),
                    escrow: key(),
                })
                .collect(),
            files: Vec::new(),
        };
        let client = client(&anchor.authority, RELEASED, Patience::SLOW_LINK).unwrap();
        let mut world = Self {
            temporary,
            root,
            facts,
            bundle,
            client,
            running: None,
            elsewhere: None,
            waits,
        };
        admin::publish_bundle(&world.folder(), &world.bundle.sign(&world.root).unwrap()).unwrap();
        world.start();
        world
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.temporary.path().join("intake")
    }

    pub(crate) fn start(&mut self) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        self.running = Some(Server::start_with(&self.folder(), listener, true, self.waits).unwrap());
    }

    pub(crate) fn url(&self, path: &str) -> String {
        match (&self.elsewhere, &self.running) {
            (Some(address), _) => format!("{address}{path}"),
            (None, running) => format!("https://{}{path}", running.as_ref().unwrap().address()),
        }
    }

    /// Publishes a higher bundle with a file of `bytes` bytes in it.
    pub(crate) fn publish(&mut self, sequence: u32, bytes: usize) -> Vec<u8> {
        self.bundle.sequence = sequence;
        self.bundle.files = vec![BundleFile {
            path: "pages/long.txt".into(),
            bytes: vec![b'x'; bytes],
        }];
        let signed = self.bundle.sign(&self.root).unwrap();
        admin::publish_bundle(&self.folder(), &signed).unwrap();
        signed
    }

    pub(crate) fn kiosk(&self) -> Kiosk {
        let keys = SealingKeys::from_seed(&random_array().unwrap());
        let token = admin::token(&self.folder()).unwrap();
        let response = self.enrol(&token, &keys);
        assert_eq!(response.status(), 200);
        let reply: EnrolReply = json(response);
        assert_eq!(reply.kiosk, keys.kiosk.to_string());
        assert_eq!(reply.bundle.len() % 2, 0);
        Kiosk { keys }
    }

    pub(crate) fn enrol(&self, token: &Token, keys: &SealingKeys) -> Response {
        let request = EnrolRequest {
            secret: to_hex(&token.secret),
            public_key: to_hex(keys.signing.verifying_key().as_bytes()),
        };
        let body = serde_json::to_string(&request).unwrap();
        self.client.post(self.url(api::ENROL)).body(body).send().unwrap()
    }

    pub(crate) fn seal(&self, kiosk: &Kiosk, slip: &RoutingSlip) -> Envelope {
        seal(&kiosk.keys, &self.bundle, slip, Content::Nothing, Destination::Nobody).unwrap()
    }

    /// An envelope whose slip is sealed to somebody else than this intake's router.
    pub(crate) fn seal_unreadable(&self, kiosk: &Kiosk) -> Envelope {
        let mut bundle = self.bundle.clone();
        bundle.router = Identity::generate().unwrap().recipient().0;
        seal(
            &kiosk.keys,
            &bundle,
            &slip(Kind::Report),
            Content::Nothing,
            Destination::Nobody,
        )
        .unwrap()
    }

    pub(crate) fn put_as(&self, id: &str, bytes: Vec<u8>) -> Response {
        let url = self.url(&format!("{}/{id}", api::ENVELOPES));
        self.client.put(url).body(bytes).send().unwrap()
    }

    pub(crate) fn put(&self, envelope: &Envelope) -> (u16, AnswerPage) {
        let response = self.put_as(&envelope.id().to_string(), envelope.bytes().to_vec());
        let status = response.status().as_u16();
        (status, self.page(&response.bytes().unwrap()))
    }

    pub(crate) fn page(&self, bytes: &[u8]) -> AnswerPage {
        read_page(
            bytes,
            &VerifyingKey::from_bytes(&self.facts.acknowledgement_key).unwrap(),
        )
        .unwrap()
    }

    /// Seals and delivers a report; gives the answer.
    pub(crate) fn report(&self, kiosk: &Kiosk, lane: Lane, exclusions: &[&str]) -> AnswerPage {
        let mut slip = slip(Kind::Report);
        slip.lane = Some(lane);
        slip.exclusions = exclusions.iter().map(ToString::to_string).collect();
        let (status, page) = self.put(&self.seal(kiosk, &slip));
        assert_eq!(status, 201);
        page
    }

    pub(crate) fn person(&self, name: &str, team: Lane, lead: bool) -> Person {
        let key = SigningKey::from_bytes(&random_array().unwrap());
        let public = key.verifying_key().to_bytes();
        if lead {
            admin::staff_add_lead(&self.folder(), name, team, public).unwrap();
        } else {
            admin::staff_add(&self.folder(), name, team, public).unwrap();
        }
        Person { key }
    }

    pub(crate) fn nonce(&self, person: &Person) -> String {
        let key = person.key.verifying_key();
        let response = self.ask_nonce(&to_hex(key.as_bytes()));
        json::<Nonce>(response).nonce
    }

    pub(crate) fn ask_nonce(&self, key: &str) -> Response {
        let request = self.client.post(self.url(api::DESK_NONCE));
        request.header(api::HEADER_KEY, key).send().unwrap()
    }

    pub(crate) fn desk(&self, person: &Person, method: Method, path: &str, body: &str) -> Response {
        self.desk_with(&person.key, &self.nonce(person), method, path, path, body)
    }

    /// `signed_path` is what is signed, `path` what is asked.
    pub(crate) fn desk_with(
        &self,
        key: &SigningKey,
        nonce: &str,
        method: Method,
        signed_path: &str,
        path: &str,
        body: &str,
    ) -> Response {
        let signed = desk_signing_bytes(
            method.as_str(),
            signed_path,
            body.as_bytes(),
            key.verifying_key().as_bytes(),
            nonce,
        );
        self.client
            .request(method, self.url(path))
            .header(api::HEADER_KEY, to_hex(key.verifying_key().as_bytes()))
            .header(api::HEADER_NONCE, nonce)
            .header(api::HEADER_SIGNATURE, to_hex(&key.sign(&signed).to_bytes()))
            .body(body.to_owned())
            .send()
            .unwrap()
    }

    pub(crate) fn ask<T: DeserializeOwned>(&self, person: &Person, method: Method, path: &str) -> T {
        let response = self.desk(person, method, path, "");
        assert_eq!(response.status(), 200, "{path}");
        json(response)
    }

    pub(crate) fn cases(&self, person: &Person) -> CaseList {
        self.ask(person, Method::GET, api::DESK_CASES)
    }

    pub(crate) fn open(&self, person: &Person, case: &str) -> HandedOver {
        self.ask(person, Method::POST, &format!("{}/{case}/open", api::DESK_CASES))
    }
}

/// A slip with everything that a report may have in it.
pub(crate) fn slip(kind: Kind) -> RoutingSlip {
    let report = kind == Kind::Report;
    let addition = kind == Kind::Reply;
    RoutingSlip {
        kind,
        lane: report.then_some(Lane::Hate),
        band: Band::Medium,
        flags: if report { vec![Flag::Danger] } else { Vec::new() },
        clock: ClockReading {
            wall: Timestamp(0),
            confidence: Confidence::Unknown,
            boot: 1,
            since_boot_seconds: 60,
        },
        tag: (report || addition).then(|| random_array().unwrap()),
        inbox: report.then(|| Identity::generate().unwrap().recipient().0),
        exclusions: Vec::new(),
        counter: 1,
        news: NewsCursor {
            bundle_sequence: 1,
            ..NewsCursor::default()
        },
        health: Health::default(),
    }
}

pub(crate) fn json<T: DeserializeOwned>(response: Response) -> T {
    serde_json::from_slice(&response.bytes().unwrap()).unwrap()
}

pub(crate) fn bytes_of(hex: &str) -> Vec<u8> {
    let mut bytes = vec![0; hex.len() / 2];
    from_hex(hex, &mut bytes).unwrap();
    bytes
}

pub(crate) fn seconds(rfc3339: &str) -> i64 {
    rfc3339.parse::<jiff::Timestamp>().unwrap().as_second()
}

/// Every file below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(path);
        }
    }
    all
}

pub(crate) fn recipient() -> Recipient {
    Identity::generate().unwrap().recipient()
}

/// Waits that long, whatever wakes the thread in between (a parked thread is woken by the HTTP client's leftovers).
pub(crate) fn wait(milliseconds: u64) {
    let (_sender, receiver) = std::sync::mpsc::channel::<()>();
    let timeout = std::time::Duration::from_millis(milliseconds);
    assert!(receiver.recv_timeout(timeout).is_err());
}
