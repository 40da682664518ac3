//! `--version`: dbt's report for those who call it `dbt`, one line otherwise.

use crate::ui::DBT_VERSION;

/// The text. `adapters` are the names of those built in; their version is karat's own.
pub fn text(program: &str, adapters: &[&str]) -> String {
    let own = env!("CARGO_PKG_VERSION");
    if program != "dbt" {
        return format!("karat {own} (dbt {DBT_VERSION}; {})\n", adapters.join(", "));
    }
    let plugins: String = adapters.iter().map(|name| format!("  - {name}: {own} - built in\n")).collect();
    format!("Core:\n  - installed: {DBT_VERSION}\n  - karat:     {own}\n\nPlugins:\n{plugins}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_dbt_or_as_itself() {
        let plugins = ["postgres"];
        let own = env!("CARGO_PKG_VERSION");
        assert_eq!(text("karat", &plugins), format!("karat {own} (dbt 1.11.16; postgres)\n"));
        let expect = format!(
            "Core:\n  - installed: 1.11.16\n  - karat:     {own}\n\nPlugins:\n  - postgres: {own} - built in\n\n"
        );
        assert_eq!(text("dbt", &plugins), expect);
    }
}
