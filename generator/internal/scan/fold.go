package scan

import (
	"fmt"
	"strings"
	"unicode"
)

// lookalikes are letters and marks that are drawn like another one, or not at
// all: what a keyboard of another language types, and what web pages hold.
var lookalikes = map[rune]string{
	'а': "a", 'с': "c", 'ԁ': "d", 'е': "e", 'ҽ': "e", 'ё': "e", 'ɡ': "g", 'ց': "g", 'һ': "h", 'і': "i", 'ı': "i", 'ї': "i",
	'ӏ': "l", 'ո': "n", 'п': "n", 'о': "o", 'ο': "o", 'р': "p", 'ρ': "p", 'ѕ': "s", 'т': "t", 'υ': "u", 'ս': "u", 'ѵ': "v", 'ν': "v", 'х': "x", 'у': "y",
	'ь': "b", 'Ь': "b", 'В': "b", 'Е': "e", 'Ε': "e", 'Ν': "n",
	'：': ":", '∶': ":", '꞉': ":", 'ː': ":", '︓': ":", '﹕': ":", '‐': "-", '‑': "-", '–': "-", '—': "-", '／': "/", '⁄': "/", '＠': "@", '＃': "#",
}

// fold returns a line in lower case and in ASCII as far as it looks like it:
// spaces of all kinds are plain ones, and what is not drawn is gone. odd is the
// first character that was not what it looks like, 0 if there is none.
func fold(line string) (folded string, odd rune) {
	var b strings.Builder
	for _, r := range line {
		plain, alike := lookalikes[r]
		switch {
		case alike:
		case r > 0x7f && unicode.IsSpace(r), unicode.Is(unicode.Zs, r) && r != ' ':
			plain = " "
		case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r): // zero-width, direction, combining
		case r >= 0xff21 && r <= 0xff5a: // full-width letters
			plain = string(r - 0xfee0)
		default:
			b.WriteRune(unicode.ToLower(r))
			continue
		}
		if odd == 0 {
			odd = r
		}
		b.WriteString(strings.ToLower(plain))
	}
	return b.String(), odd
}

// nameOf is how messages call an odd character.
func nameOf(r rune) string {
	switch r {
	case 0xa0, 0x202f:
		return fmt.Sprintf("a no-break space (%U)", r)
	case 0x200b, 0x200c, 0x200d, 0xfeff, 0xad:
		return fmt.Sprintf("a character without a width (%U)", r)
	}
	return fmt.Sprintf("%q (%U), which looks like another", r, r)
}
