//! `--version`: dbt's report for those who call it `dbt`, one line otherwise.

use crate::ui::DBT_VERSION;

/// The text. `plugins` are the adapters with the versions that dbt users know.
pub fn text(program: &str, plugins: &[(&str, &str)]) -> String {
    let own = env!("CARGO_PKG_VERSION");
    if program != "dbt" {
        let adapters: Vec<&str> = plugins.iter().map(|(name, _)| *name).collect();
        return format!("karat {own} (dbt {DBT_VERSION}; {})\n", adapters.join(", "));
    }
    let plugins: String = plugins.iter().map(|(name, version)| format!("  - {name}: {version}\n")).collect();
    format!("Core:\n  - installed: {DBT_VERSION}\n  - karat:     {own}\n\nPlugins:\n{plugins}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_dbt_or_as_itself() {
        let plugins = [("postgres", "1.11.0")];
        let own = env!("CARGO_PKG_VERSION");
        assert_eq!(text("karat", &plugins), format!("karat {own} (dbt 1.11.16; postgres)\n"));
        let expect = format!(
            "Core:\n  - installed: 1.11.16\n  - karat:     {own}\n\nPlugins:\n  - postgres: 1.11.0\n\n"
        );
        assert_eq!(text("dbt", &plugins), expect);
    }
}
