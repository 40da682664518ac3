//! The page that shows a catalog: a file of its own, which reads manifest.json and catalog.json beside it.

/// Where the page takes its data from, unless it is put in.
const MANIFEST: &str = "\"MANIFEST.JSON INLINE DATA\"";
const CATALOG: &str = "\"CATALOG.JSON INLINE DATA\"";

/// The page, index.html.
pub fn index() -> &'static str {
    include_str!("index.html")
}

/// The page with its data in it, static_index.html: it works from a disk, without a server.
pub fn with_data(manifest: &str, catalog: &str) -> String {
    // `</` would end the script that holds the data; JSON may write the slash escaped.
    let safe = |json: &str| json.replace("</", "<\\/");
    index().replace(MANIFEST, &safe(manifest)).replace(CATALOG, &safe(catalog))
}
