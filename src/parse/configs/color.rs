//! Colors that a browser knows, for nodes on the page of `docs`.

/// The names of CSS.
const NAMES: &str = "\
    aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet \
    brown burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan \
    darkblue darkcyan darkgoldenrod darkgray darkgreen darkgrey darkkhaki darkmagenta darkolivegreen \
    darkorange darkorchid darkred darksalmon darkseagreen darkslateblue darkslategray darkslategrey \
    darkturquoise darkviolet deeppink deepskyblue dimgray dimgrey dodgerblue firebrick floralwhite \
    forestgreen fuchsia gainsboro ghostwhite gold goldenrod gray green greenyellow grey honeydew \
    hotpink indianred indigo ivory khaki lavender lavenderblush lawngreen lemonchiffon lightblue \
    lightcoral lightcyan lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon \
    lightseagreen lightskyblue lightslategray lightslategrey lightsteelblue lightyellow lime \
    limegreen linen magenta maroon mediumaquamarine mediumblue mediumorchid mediumpurple \
    mediumseagreen mediumslateblue mediumspringgreen mediumturquoise mediumvioletred midnightblue \
    mintcream mistyrose moccasin navajowhite navy oldlace olive olivedrab orange orangered orchid \
    palegoldenrod palegreen paleturquoise palevioletred papayawhip peachpuff peru pink plum \
    powderblue purple rebeccapurple red rosybrown royalblue saddlebrown salmon sandybrown seagreen \
    seashell sienna silver skyblue slateblue slategray slategrey snow springgreen steelblue tan teal \
    thistle tomato turquoise violet wheat white whitesmoke yellow yellowgreen";

/// Is it a name of CSS, or `#rgb` or `#rrggbb`? Case does not count.
pub(super) fn is_color(text: &str) -> bool {
    match text.strip_prefix('#') {
        Some(digits) => [3, 6].contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_hexdigit()),
        None => NAMES.split(' ').any(|name| name.eq_ignore_ascii_case(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::is_color;

    #[test]
    fn names_and_digits_are_colors() {
        for good in ["red", "RebeccaPurple", "grey", "#abc", "#A1B2C3"] {
            assert!(is_color(good), "{good}");
        }
        for bad in ["", "notacolor", "#ab", "#abcd", "#xxx111", "abc", "red blue", "#äöü"] {
            assert!(!is_color(bad), "{bad}");
        }
    }
}
