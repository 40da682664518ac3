//! `urlize`: makes links of the addresses in a text.

use fancy_regex::Regex;
use minijinja::{Error, Value};

use crate::jinja::value::{Args, Outcome, iterate, operators, print, value_error};

/// A web address: a scheme or `www.` and a host, a bare domain of a classic kind, or an IP address.
const WEB: &str = r"(?ix)^(
    (https?://|www\.) (([\w%-]+\.)+)? ([a-z]{2,63} | xn--[\w%]{2,59})
  | ([\w%-]{2,63}\.)+ (com|net|int|edu|gov|org|info|mil)
  | (https?://) ((\d{1,3}(\.\d{1,3}){3}) | (\[([\da-f]{0,4}:){2}([\da-f]{0,4}:?){1,6}\]))
  )(?: :\d{1,5})? (?: [/?\#]\S*)? $";
const MAIL: &str = r"^\S+@\w[\w.-]*\.\w+$";
/// What may enclose an address, as it stands after escaping.
const PAIRS: [(&str, &str); 3] = [("(", ")"), ("<", ">"), ("&lt;", "&gt;")];
const OPENING: [&str; 3] = ["(", "<", "&lt;"];
const CLOSING: [&str; 6] = [")", ">", ".", ",", "\n", "&gt;"];

/// How links are written.
struct Style {
    web: Regex,
    mail: Regex,
    limit: Option<usize>,
    attributes: String,
    schemes: Vec<String>,
}

/// `value|urlize(trim_url_limit, nofollow, target, rel, extra_schemes)`.
pub fn urlize(args: &[Value]) -> Outcome {
    const NAMES: &[&str] = &["value", "trim_url_limit", "nofollow", "target", "rel", "extra_schemes"];
    let args = Args::bind("urlize", NAMES, args)?;
    let style = style(&args)?;
    let text = operators::escaped(args.need(0)?);
    let mut out = String::new();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        out.push_str(&style.word(&rest[..end]));
        rest = &rest[end..];
        let end = rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len());
        out.push_str(&rest[..end]);
        rest = &rest[end..];
    }
    Ok(Value::from(out))
}

fn style(args: &Args) -> Result<Style, Error> {
    let regex = |pattern: &str| Regex::new(pattern).map_err(|error| value_error(error.to_string()));
    let mut rel: Vec<String> =
        args.some(4).map(print::text).unwrap_or_default().split(' ').map(str::to_string).collect();
    rel.extend(args.flag(2, false).then(|| "nofollow".to_string()));
    rel.push("noopener".to_string());
    rel.retain(|part| !part.is_empty());
    rel.sort();
    rel.dedup();
    let mut attributes = format!(" rel=\"{}\"", operators::escape_html(&rel.join(" ")));
    if let Some(target) = args.some(3) {
        attributes += &format!(" target=\"{}\"", operators::escaped(target));
    }
    let schemes = args.some(5).map(iterate).transpose()?.unwrap_or_default();
    let schemes: Vec<String> = schemes.iter().map(print::text).collect();
    let valid = regex(r"^[\w.+-]{2,}:/{0,2}$")?;
    if let Some(wrong) = schemes.iter().find(|scheme| !valid.is_match(scheme).unwrap_or(false)) {
        return Err(value_error(format!("'{wrong}' is not a valid URI scheme prefix.")));
    }
    let limit =
        args.some(1).map(|_| args.whole(1)).transpose()?.and_then(|limit| usize::try_from(limit).ok());
    Ok(Style { web: regex(WEB)?, mail: regex(MAIL)?, limit, attributes, schemes })
}

impl Style {
    fn word(&self, word: &str) -> String {
        let mut start = 0;
        while let Some(mark) = OPENING.iter().find(|mark| word[start..].starts_with(**mark)) {
            start += mark.len();
        }
        let (head, middle) = word.split_at(start);
        let mut end = middle.len();
        while let Some(mark) = CLOSING.iter().find(|mark| middle[..end].ends_with(**mark)) {
            end -= mark.len();
        }
        let end = balanced(middle, end);
        let (middle, tail) = middle.split_at(end);
        format!("{head}{}{tail}", self.link(middle).unwrap_or_else(|| middle.to_string()))
    }

    fn link(&self, text: &str) -> Option<String> {
        let is = |regex: &Regex, text: &str| regex.is_match(text).unwrap_or(false);
        let attributes = &self.attributes;
        if is(&self.web, text) {
            let scheme =
                if text.starts_with("https://") || text.starts_with("http://") { "" } else { "https://" };
            return Some(format!("<a href=\"{scheme}{text}\"{attributes}>{}</a>", self.shortened(text)));
        }
        if let Some(address) = text.strip_prefix("mailto:").filter(|address| is(&self.mail, address)) {
            return Some(format!("<a href=\"{text}\">{address}</a>"));
        }
        let maybe_mail = text.contains('@') && !text.starts_with("www.") && !text.starts_with('@');
        if maybe_mail && !text.contains(':') && is(&self.mail, text) {
            return Some(format!("<a href=\"mailto:{text}\">{text}</a>"));
        }
        let known = |scheme: &&String| text != scheme.as_str() && text.starts_with(scheme.as_str());
        self.schemes.iter().find(known).map(|_| format!("<a href=\"{text}\"{attributes}>{text}</a>"))
    }

    fn shortened(&self, text: &str) -> String {
        match self.limit {
            Some(limit) if text.chars().count() > limit => {
                text.chars().take(limit).collect::<String>() + "..."
            }
            _ => text.to_string(),
        }
    }
}

/// Gives closing brackets back to an address that holds their opening ones.
fn balanced(text: &str, mut end: usize) -> usize {
    for (open, close) in PAIRS {
        while text[..end].matches(open).count() > text[..end].matches(close).count() {
            let Some(at) = text[end..].find(close) else { break };
            end += at + close.len();
        }
    }
    end
}
