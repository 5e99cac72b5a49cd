package apparmor

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// tunables are the variables of Debian (/etc/apparmor.d/tunables) that stand in
// paths of files. They are asked for where the policy is not known.
var tunables = map[string][]string{
	"HOMEDIRS": {"/home/"}, "HOME": {"@{HOMEDIRS}/*/", "/root/"},
	"PROC": {"/proc/"}, "proc": {"/proc/"}, "sys": {"/sys/"}, "securityfs": {"@{sys}/kernel/security/"}, "run": {"/run/", "/var/run/"},
	"pid": {"[1-9]*"}, "pids": {"@{pid}"}, "tid": {"@{pid}"}, "uid": {"[0-9]*"}, "uids": {"@{uid}"},
	"multiarch": {"*-linux-gnu*"}, "etc_ro": {"/etc/", "/usr/etc/"}, "etc_rw": {"/etc/"},
	"system_share_dirs": {"/{usr,usr/local,var/lib/@{flatpak_exports_root}}/share"},
	"user_share_dirs":   {"@{HOME}/.local{,/share/@{flatpak_exports_root}}/share"},

	"flatpak_exports_root": {"{flatpak/exports,flatpak/{app,runtime}/*/*/*/*/export}"},
}

// checkVariables reports why the variables of a pattern stand where they may not:
// each is a whole component of a path, or the whole beginning of one.
//
// The parser knows no such limit: it puts in the value, which ends in a slash most
// of the time, and makes one slash of two. So "@{sys}kernel" would be "/sys/kernel".
func (p Pattern) checkVariables() error {
	before := ""
	for rest := p.text; ; {
		at := strings.Index(rest, "@{")
		if at < 0 {
			return nil
		}
		before += rest[:at]
		_, n, err := variableToken(rest[at:])
		if err != nil {
			return err
		}
		name, behind := rest[at:at+n], rest[at+n:]
		if before != "" && !strings.HasSuffix(before, "/") || behind != "" && behind[0] != '/' {
			return fmt.Errorf("%s is not a whole component of the path", name)
		}
		before, rest = before+name, behind
	}
}

// hasVariable reports whether there is a variable in the pattern: every other "{"
// is escaped.
func (p Pattern) hasVariable() bool { return strings.Contains(p.text, "@{") }

// maxTexts bounds what a pattern with variables is taken for, and maxNested how
// often a value is looked for other variables.
const (
	maxTexts  = 256
	maxNested = 16
)

// texts returns what the parser makes of the pattern: one text for each
// combination of the values of its variables, with globs and alternations. It is an
// error if a variable is not known, or is not what its place asks for: the
// beginning of a path there, and a component, or a part of one, elsewhere.
func (p *Place) texts(q Pattern) ([]string, error) {
	if !q.hasVariable() {
		return p.aliased([]string{q.text}), nil
	}
	if err := q.checkVariables(); err != nil {
		return nil, err
	}
	texts := []string{""}
	for rest := q.text; rest != ""; {
		at := strings.Index(rest, "@{")
		if at < 0 {
			at = len(rest)
		}
		literal := rest[:at]
		values := []string{literal}
		if rest = rest[at:]; rest != "" {
			t, n, _ := variableToken(rest)
			rest = rest[n:]
			list, err := p.values(t.name)
			if err != nil {
				return nil, err
			}
			if err := fits(t.name, list, literal == "" && len(texts) == 1 && texts[0] == ""); err != nil {
				return nil, err
			}
			if t.name == "HOME" {
				list = ofUsers(list)
			}
			values = make([]string, len(list))
			for i, value := range list {
				values[i] = literal + value
			}
		}
		if texts = combined(texts, values); len(texts) > maxTexts {
			return nil, errors.New("variables that stand for too much")
		}
	}
	for i, text := range texts {
		texts[i] = oneSlash(text)
	}
	return p.aliased(texts), nil
}

// aliased adds what the aliases make of the texts: each alias once, in whatever
// order, as an upper bound of what the parser does.
func (p *Place) aliased(texts []string) []string {
	for again := 0; again < len(p.aliases) && len(texts) < maxTexts; again++ {
		before := len(texts)
		for _, text := range texts[:before] {
			for _, a := range p.aliases {
				if rest, ok := strings.CutPrefix(text, a.From); ok && !slices.Contains(texts, oneSlash(a.To+rest)) {
					texts = append(texts, oneSlash(a.To+rest))
				}
			}
		}
		if len(texts) == before {
			break
		}
	}
	return texts
}

// ofUsers puts a name like any other in the place of that of the user, for the
// reason that ofUser has.
func ofUsers(homes []string) []string {
	named := make([]string, len(homes))
	for i, home := range homes {
		named[i] = home
		if dir, ok := strings.CutSuffix(home, "/*/"); ok {
			named[i] = dir + "/user/"
		}
	}
	return named
}

// homeDirs returns the folders of homes that the policy names, beside /home.
func (p *Place) homeDirs() (dirs []string) {
	values, _ := p.values("HOMEDIRS")
	for _, dir := range values {
		if dir = oneSlash(dir + "/"); plain(dir) && dir != "/home/" && dir != "/" {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// fits reports why a variable with these values cannot stand in its place.
func fits(name string, values []string, first bool) error {
	for _, value := range values {
		switch {
		case first && !strings.HasPrefix(value, "/"):
			return fmt.Errorf("@{%s} is %.100q here, which begins no path", name, value)
		case !first && (strings.Contains(value, "/") || strings.Contains(value, "**")):
			return fmt.Errorf("@{%s} is %.100q here, which is more than a component of a path", name, value)
		}
	}
	return nil
}

func combined(texts, values []string) []string {
	all := make([]string, 0, len(texts)*len(values))
	for _, text := range texts {
		for _, value := range values {
			all = append(all, text+value)
		}
	}
	return all
}

// values returns what the variable stands for, with no variables in it.
func (p *Place) values(name string) ([]string, error) {
	values, known := p.variables[name]
	if !known || len(values) == 0 {
		return nil, fmt.Errorf("@{%s} is not defined in this policy", name)
	}
	return p.resolved(values)
}

// resolved puts in the values of variables in texts of the policy.
func (p *Place) resolved(texts []string) ([]string, error) {
	for range maxNested {
		i := slices.IndexFunc(texts, func(text string) bool { return strings.Contains(text, "@{") })
		if i < 0 {
			return texts, nil
		}
		var next []string
		for _, text := range texts {
			before, rest, nested := strings.Cut(text, "@{")
			if !nested {
				next = append(next, text)
				continue
			}
			inner, after, closed := strings.Cut(rest, "}")
			list, ok := p.variables[inner]
			if !closed || !ok || len(list) == 0 {
				return nil, fmt.Errorf("@{%.100s} is not defined in this policy", inner)
			}
			for _, value := range list {
				next = append(next, before+value+after)
			}
		}
		if texts = next; len(texts) > maxTexts {
			return nil, errors.New("variables that stand for too much")
		}
	}
	return nil, errors.New("variables that stand for one another")
}

// oneSlash makes one slash of several side by side, as the parser does
// (parser/parser_regex.c, filter_slashes).
func oneSlash(text string) string {
	for strings.Contains(text, "//") {
		text = strings.ReplaceAll(text, "//", "/")
	}
	return text
}
