//! Compiles the pages. Called by Cargo; it embeds no pixels and no fonts: text must be shaped by vector fonts at run time.

fn main() {
    let config = slint_build::CompilerConfiguration::new().with_style("fluent".into());
    slint_build::compile_with_config("app.slint", config).expect("the pages compile");
}
