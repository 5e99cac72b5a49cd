package netfilter

import (
	"errors"
	"fmt"
	"strings"
)

// Frame returns what stands before and after the rules in a file of a notation.
// What is before makes our chains or sets where they are missing and empties
// them where they are not, so that a file can be loaded again. What is after
// ends the file. Both are empty or end with a newline, and are empty for an
// unknown notation.
func Frame(s Syntax) (before, after string) {
	var b strings.Builder
	switch s {
	case NFT:
		b.WriteString("add table " + nftTable + "\n")
		for _, c := range chains {
			name := nftTable + " " + nftChain(c)
			b.WriteString("add chain " + name + "\nflush chain " + name + "\n")
			if c != Output {
				nftSets(&b, c)
			}
		}
	case Restore:
		// A chain that is named here is made, or emptied if it is there: also
		// with --noflush.
		b.WriteString("*filter\n")
		for _, c := range chains {
			b.WriteString(":" + iptablesChain(c) + " - [0:0]\n")
		}
		after = "COMMIT\n"
	case IPTables:
		for _, f := range [...]Family{IP, IP6} {
			for _, c := range chains {
				command, name := iptablesCommand(s, f), iptablesChain(c)
				b.WriteString(command + " -N " + name + " 2>/dev/null || " + command + " -F " + name + "\n")
			}
		}
	case IPSet:
		for _, c := range [...]Chain{Input, Forward} {
			for _, f := range [...]Family{IP, IP6} {
				b.WriteString("create " + setName(c, f) + " hash:net family " + inet(f) + " maxelem 1048576 timeout 0 -exist\n")
				b.WriteString("flush " + setName(c, f) + "\n")
			}
		}
	}
	return b.String(), after
}

// inet is the name that ipset has for a family.
func inet(f Family) string {
	if f == IP {
		return "inet"
	}
	return "inet6"
}

// AppendFile appends a whole file in a notation: the frame and the merged rules,
// cut to lines. The same rules in whatever order and pieces give the same
// bytes. It fails for a rule that Text refuses, and for rules that Merge cannot
// merge.
func AppendFile(dst []byte, s Syntax, rules []Rule) ([]byte, error) {
	if _, ok := s.limit(Rule{}); !ok {
		return dst, fmt.Errorf("unknown syntax %q", bounded(string(s)))
	}
	for i, r := range rules {
		if err := r.Check(); err != nil {
			return dst, fmt.Errorf("rule %d: %w", i+1, err)
		}
	}
	merged, ok := merge(rules, maxTangle)
	if !ok {
		return dst, errors.New("the ports of the rules overlap in too many ways")
	}
	before, after := Frame(s)
	out := append(dst, before...)
	for _, r := range merged {
		for _, piece := range Split(s, r) {
			text, err := piece.Text(s)
			if err != nil {
				return dst, err
			}
			out = append(out, text...)
			out = append(out, '\n')
		}
	}
	return append(out, after...), nil
}

// LineError says which line of a file cannot be read.
type LineError struct {
	Line int // from 1
	Err  error
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns what is wrong with the line.
func (e *LineError) Unwrap() error { return e.Err }

// ParseFile reads a file that AppendFile wrote, every byte of it, and nothing
// else but an empty file, in which there are no rules. Its errors are a
// *LineError.
func ParseFile(s Syntax, body []byte) ([]Rule, error) {
	if len(body) == 0 {
		return nil, nil
	}
	before, after := Frame(s)
	text := string(body)
	rules, err := parseLines(s, text, before, after)
	if err != nil {
		return nil, err
	}
	again, err := AppendFile(nil, s, rules)
	if err != nil {
		return nil, &LineError{1, err}
	}
	if string(again) != text {
		line := 1 + strings.Count(commonPrefix(text, string(again)), "\n")
		return nil, &LineError{line, errors.New("not as it is written here: rules are merged and in order")}
	}
	return rules, nil
}

// parseLines reads the rules between the two parts of the frame.
func parseLines(s Syntax, text, before, after string) ([]Rule, error) {
	rest, ok := strings.CutPrefix(text, before)
	if !ok || before == "" {
		return nil, &LineError{1 + strings.Count(commonPrefix(text, before), "\n"), fmt.Errorf("not the head of a file of %s", bounded(string(s)))}
	}
	number := 1 + strings.Count(before, "\n")
	var rules []Rule
	for ; rest != after; number++ {
		line, next, ok := strings.Cut(rest, "\n")
		if !ok {
			return nil, &LineError{number, errors.New("the file ends too early")}
		}
		r, err := Parse(s, line)
		if err != nil {
			return nil, &LineError{number, err}
		}
		rules = append(rules, r)
		rest = next
	}
	return rules, nil
}

func commonPrefix(a, b string) string {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return a[:n]
}
