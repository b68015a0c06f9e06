//! Enrolment: once, with a token, a kiosk gets its identity and its first bundle.
//!
//! The anchor is fetched from whoever answers and believed only when its digest is the token's. Everything after that
//! goes over TLS pinned to the anchor. The store is made last, so that an enrolment that breaks off leaves nothing behind
//! and can be tried again; a token that was spent on a lost answer needs a new one.

use std::io::Read;
use std::time::Duration;

use ed25519_dalek::SigningKey;
use reqwest::blocking::{Client, Response};
use zeroize::Zeroizing;

use super::config::Config;
use super::error::KioskError;
use super::settings_in_use::InUse;
use super::store::{Places, Store};
use crate::id::{KioskId, from_hex, to_hex};
use crate::limits::{ANCHOR_BYTES_MOST, BUNDLE_BYTES_MOST};
use crate::pinned::{self, Patience, RELEASED};
use crate::seal::{SealingKeys, random_array};
use crate::time::Timestamp;
use crate::wire::api::{self, EnrolReply, EnrolRequest, Problem};
use crate::wire::{Anchor, Token};

/// Setting that holds the intake's address.
pub(super) const INTAKE: &str = "intake";

const PATIENCE: Patience = Patience {
    connect: Duration::from_secs(30),
    total: Duration::from_secs(180),
};

/// Enrols and makes the store. Gives the kiosk's id.
pub fn enrol(config: &Config, intake: &str, token: &Token) -> Result<KioskId, KioskError> {
    refuse_if_enrolled(&config.places)?;
    let address = pinned::address(intake)?;
    let join = |path| {
        address
            .join(path)
            .map_err(|_| KioskError::Input("the intake's address cannot be used".into()))
    };

    let anchor_bytes = fetch(&pinned::client_before_trust(PATIENCE)?, join(api::ANCHOR)?)?;
    if Anchor::short_digest(&anchor_bytes) != token.anchor {
        return Err(KioskError::Input(
            "this is not the intake that the token is for: check the address, and that nothing stands in between"
                .into(),
        ));
    }
    let anchor = Anchor::parse(&anchor_bytes).map_err(|why| KioskError::Input(why.to_string()))?;

    let seed = Zeroizing::new(random_array::<32>().map_err(|why| KioskError::Later(why.to_string()))?);
    let public = SigningKey::from_bytes(&seed).verifying_key();
    let request = EnrolRequest {
        secret: to_hex(&token.secret),
        public_key: to_hex(public.as_bytes()),
    };
    let client = pinned::client(&anchor.authority, RELEASED, PATIENCE)?;
    let reply = spend(&client, join(api::ENROL)?, &request)?;
    let bundle = hex(&reply.bundle).ok_or_else(not_understood)?;
    let in_use = InUse::new(anchor, SealingKeys::from_seed(&seed), &bundle)?;
    keep(
        &config.places,
        intake,
        &anchor_bytes,
        &seed,
        &in_use,
        &bundle,
        Timestamp(reply.now),
    )?;
    Ok(in_use.keys.kiosk)
}

fn refuse_if_enrolled(places: &Places) -> Result<(), KioskError> {
    let enrolled = match Store::open(places) {
        Ok((store, _)) => store.device_seed().is_some(),
        Err(super::store::StoreError::Missing { .. }) => false,
        Err(why) => return Err(why.into()),
    };
    if enrolled {
        return Err(KioskError::Input(
            "this kiosk is enrolled already; use a new data folder for another one".into(),
        ));
    }
    Ok(())
}

fn fetch(client: &Client, url: reqwest::Url) -> Result<Vec<u8>, KioskError> {
    let response = client.get(url).send().map_err(|_| no_answer())?;
    read(response, ANCHOR_BYTES_MOST)
}

fn spend(client: &Client, url: reqwest::Url, request: &EnrolRequest) -> Result<EnrolReply, KioskError> {
    let body = Zeroizing::new(serde_json::to_vec(request).map_err(|_| not_understood())?);
    let response = client
        .post(url)
        .header("content-type", "application/json")
        .body(body.to_vec())
        .send();
    let response = response.map_err(|_| no_answer())?;
    let is_good = response.status().is_success();
    let bytes = read(response, 2 * BUNDLE_BYTES_MOST + 4_096)?;
    if is_good {
        return serde_json::from_slice(&bytes).map_err(|_| not_understood());
    }
    let title = serde_json::from_slice::<Problem>(&bytes).map(|problem| problem.title);
    Err(KioskError::Input(title.unwrap_or_else(|_| {
        "the intake did not accept the token: make a new one".into()
    })))
}

fn read(response: Response, most: usize) -> Result<Vec<u8>, KioskError> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    response.take(limit).read_to_end(&mut bytes).map_err(|_| no_answer())?;
    if bytes.len() > most {
        Err(not_understood())
    } else {
        Ok(bytes)
    }
}

fn keep(
    places: &Places,
    intake: &str,
    anchor: &[u8],
    seed: &[u8; 32],
    in_use: &InUse,
    bundle: &[u8],
    now: Timestamp,
) -> Result<(), KioskError> {
    let mut store = match Store::create(places) {
        Ok(store) => store,
        // An earlier try made the store and got no further.
        Err(super::store::StoreError::Exists { .. }) => Store::open(places)?.0,
        Err(why) => return Err(why.into()),
    };
    store.set_setting(INTAKE, intake.trim().as_bytes())?;
    store.set_anchor(anchor)?;
    // An earlier try may have got as far as this very bundle.
    if store.bundle().is_none_or(|kept| kept.bytes != bundle) {
        store.set_bundle(in_use.bundle.sequence, bundle)?;
    }
    store.set_last_acknowledged(now)?;
    // Last: a store with this key is an enrolled one.
    store.set_device_seed(seed)?;
    store.checkpoint()?;
    Ok(())
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let mut bytes = vec![0; text.len() / 2];
    from_hex(text, &mut bytes).ok()?;
    Some(bytes)
}

fn no_answer() -> KioskError {
    KioskError::Later("the intake does not answer: check the address and the network, then try again".into())
}

fn not_understood() -> KioskError {
    KioskError::Later("the intake answered something else: check the address, then try again".into())
}
