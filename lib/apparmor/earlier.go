package apparmor

// Earlier reports whether version 0.1.0 could have written the text, the canonical
// one of a rule without qualifiers. Of these [Parse] takes all but those with a
// character in a name that does not show, with a variable in a name that is no path,
// and with one that is only a part of a component of a path.
func Earlier(text string) bool {
	s := scanner{text: text, earlier: true}
	r := s.rule()
	return s.err == nil && s.pos == len(text) && r.Plain() && len(text) <= MaxText && r.Text() == text
}

// acts reports whether version 0.1.0 took no name with the character: what a
// terminal acts upon.
func acts(r rune) bool {
	return r < 0x20 || r >= 0x7f && r <= 0x9f || r == 0x061c ||
		r == 0x200e || r == 0x200f || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}
