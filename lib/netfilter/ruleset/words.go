package ruleset

import "errors"

// word is one word of a line of iptables-save.
type word struct {
	text   string
	quoted bool // so that it is no option
}

// splitWords takes a line apart as iptables-restore does (add_param_to_argv in
// iptables/xshared.c): quotes hold blanks, a backslash in them the next byte.
func splitWords(line string) ([]word, error) {
	var words []word
	var text []byte
	quoted, inQuotes, started := false, false, false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case inQuotes && c == '\\' && i+1 < len(line):
			i++
			text = append(text, line[i])
		case c == '"':
			inQuotes = !inQuotes
			quoted, started = true, true
		case !inQuotes && (c == ' ' || c == '\t'):
			if started {
				words = append(words, word{string(text), quoted})
			}
			text, quoted, started = text[:0], false, false
		default:
			text = append(text, c)
			started = true
		}
	}
	if inQuotes {
		return nil, errors.New("a quote is not closed")
	}
	if started {
		words = append(words, word{string(text), quoted})
	}
	return words, nil
}
