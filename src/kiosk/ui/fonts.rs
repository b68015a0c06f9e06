//! The bundled fonts, registered once per thread that draws, before the first component exists.
//!
//! Called by the platform and by the window. No font of the machine is asked for: what is drawn is the same everywhere.

use std::sync::Arc;

use i_slint_core::textlayout::sharedparley::parley;
use slint::fontique_011::fontique::{
    Blob, Collection, CollectionOptions, FallbackKey, FamilyId, GenericFamily, Script, SourceCache,
};
use slint::fontique_011::shared_collection;

/// Also what the slip is shaped with.
pub(in crate::kiosk) const FONTS: [&[u8]; 7] = [
    include_bytes!("../../../assets/fonts/NotoSans-Regular.ttf"),
    include_bytes!("../../../assets/fonts/NotoSans-Medium.ttf"),
    include_bytes!("../../../assets/fonts/NotoSans-Bold.ttf"),
    include_bytes!("../../../assets/fonts/NotoSansBengali-Regular.ttf"),
    include_bytes!("../../../assets/fonts/NotoSansBengali-Bold.ttf"),
    include_bytes!("../../../assets/fonts/NotoNastaliqUrdu-Regular.ttf"),
    include_bytes!("../../../assets/fonts/NotoNastaliqUrdu-Bold.ttf"),
];

/// The family in which a language is written first; others stand in for letters that it does not have.
pub(in crate::kiosk) fn family(language: &str) -> &'static str {
    match language.split('-').next().unwrap_or(language) {
        "ur" => "Noto Nastaliq Urdu",
        "bn" => "Noto Sans Bengali",
        _ => "Noto Sans",
    }
}

/// Whether a language runs from right to left.
pub(in crate::kiosk) fn is_mirrored(language: &str) -> bool {
    matches!(
        language.split('-').next().unwrap_or(language),
        "ur" | "ar" | "fa" | "he" | "ps"
    )
}

/// Whether a letter belongs to a script that runs from right to left: the Hebrew and Arabic blocks of Unicode with their
/// presentation forms.
pub(super) const fn runs_from_right(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}')
}

/// Makes the bundled fonts the only ones asked for by what is drawn.
pub(super) fn register() {
    fill(&mut shared_collection());
}

/// The bundled fonts alone, for measuring without a window.
pub(super) fn bundled() -> parley::FontContext {
    let mut collection = Collection::new(CollectionOptions {
        shared: false,
        system_fonts: false,
    });
    fill(&mut collection);
    parley::FontContext {
        collection,
        source_cache: SourceCache::default(),
    }
}

fn fill(collection: &mut Collection) {
    let mut families: Vec<FamilyId> = Vec::new();
    for font in FONTS {
        for (family, _) in collection.register_fonts(Blob::new(Arc::new(font)), None) {
            if !families.contains(&family) {
                families.push(family);
            }
        }
    }
    for generic in [GenericFamily::SansSerif, GenericFamily::SystemUi] {
        collection.set_generic_families(generic, families.iter().copied());
    }
    for script in [*b"Latn", *b"Beng", *b"Arab"] {
        let key = FallbackKey::new(Script::from_bytes(script), None);
        collection.set_fallbacks(key, families.iter().copied());
    }
}
