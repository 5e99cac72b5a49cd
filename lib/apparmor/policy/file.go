package policy

import (
	"errors"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
)

// fileRule is a file rule for one pattern; a rule with variables is several.
type fileRule struct {
	*clause
	glob   *glob
	text   string // of the pattern, as in the rule
	access apparmor.FileAccess
	exec   bool

	link   bool // a link rule: glob is the new name
	subset bool
	target names
}

const fileLetters = "rwaklm"

// isFile reports whether the words are a file rule; the first may be the
// keyword.
func isFile(words []word) bool {
	w := words[0]
	if isPath(w.text) || !w.quoted && (w.text == "file" || w.text == "link") {
		return true
	}
	return !w.quoted && len(words) > 1 && isPath(words[1].text) && isPermission(w.text)
}

func isPath(s string) bool {
	return strings.HasPrefix(s, "/") || strings.HasPrefix(s, "@{") || strings.HasPrefix(s, "{")
}

// isPermission reports whether the word can be the accesses of a file rule.
func isPermission(s string) bool { return s != "" && strings.Trim(s, "rwaklmxipcuPCURWALIMX") == "" }

// lowerLetters returns the accesses as apparmor_parser reads them: it takes these
// letters for small ones, with a warning (parser/parser_misc.c, parse_sub_mode).
func lowerLetters(s string) string {
	return strings.NewReplacer("R", "r", "W", "w", "A", "a", "L", "l", "M", "m", "I", "i", "X", "x").Replace(s)
}

// addFile adds the rules that the clause makes.
func (p *Profile) addFile(c *clause, s *scope) error {
	words := c.words
	link := words[0].text == "link"
	if !words[0].quoted && (words[0].text == "file" || link) {
		words = words[1:]
	}
	for len(words) > 0 && !words[0].quoted {
		switch words[0].text {
		case "owner":
			c.owner = ownerOnly
		case "safe", "unsafe":
		case "subset":
			link = true
		default:
			return p.addPath(c, s, words, link)
		}
		words = words[1:]
	}
	return p.addPath(c, s, words, link)
}

// addPath adds what is behind the keywords: path and accesses, in either order,
// and an arrow.
func (p *Profile) addPath(c *clause, s *scope, words []word, link bool) error {
	rule := fileRule{clause: c, link: link, target: anything}
	for _, w := range c.words {
		rule.subset = rule.subset || w.text == "subset" && !w.quoted
	}
	var path, target string
	letters := ""
	for i := 0; i < len(words); i++ {
		w := words[i]
		switch {
		case !w.quoted && w.text == "->":
			if i+2 != len(words) {
				return errors.New("more than one word behind the arrow")
			}
			target = words[i+1].text
			i++
		case path == "" && isPath(w.text):
			path = w.text
		case letters == "" && !w.quoted && isPermission(w.text):
			letters = w.text
		case path != "" && !w.quoted && (w.text == "safe" || w.text == "unsafe"):
		default:
			return errors.New("not a file rule: " + w.text)
		}
	}
	letters = lowerLetters(letters)
	for i := range len(fileLetters) {
		if strings.IndexByte(letters, fileLetters[i]) >= 0 {
			rule.access |= 1 << i
		}
	}
	rule.exec = strings.Contains(letters, "x")
	if rule.exec && strings.Contains(letters, "i") { // parser/parser_misc.c: AA_EXEC_INHERIT maps, too
		rule.access |= apparmor.Mmap
	}
	switch {
	case path == "" && len(words) == 0: // "file,"
		path = "/{**,}"
		rule.access = apparmor.Read | apparmor.Write | apparmor.Append | apparmor.Lock | apparmor.MakeLink | apparmor.Mmap
		rule.exec = true
	case path == "", letters == "" && !link:
		return errors.New("a file rule without path or access")
	case link || target != "" && rule.access&apparmor.MakeLink != 0:
		var err error
		if rule.target, err = s.names([]string{target}, true); err != nil {
			return err
		}
	}
	if rule.access&apparmor.Write != 0 {
		rule.access |= apparmor.Append
	}
	texts, err := s.paths(path)
	if err != nil {
		return err
	}
	for _, t := range texts {
		one := rule
		if one.glob, err = newGlob(t); err != nil {
			return err
		}
		one.text = path
		p.files.add(&one)
	}
	return nil
}
