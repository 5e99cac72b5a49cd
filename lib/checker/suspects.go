package checker

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const (
	// wholly is how many profiles are compiled as they are; more are reduced.
	wholly = 16

	// window is how many are looked at together, before one of them is blamed.
	window = 8 * most
)

// firstBad returns the number of the first file of which a candidate makes something
// that is not right, and what is against it; -1 where there is none.
func (c *check) firstBad(list []reached) (int, *Refusal, error) {
	for from := 0; from < len(list); from += window {
		some := list[from:min(from+window, len(list))]
		suspect, err := c.suspects(some, len(list) <= wholly)
		if err != nil {
			return -1, nil, err
		}
		for i := range some {
			if !suspect[i] {
				continue
			}
			err := c.try(&some[i])
			if refusal, ok := err.(*Refusal); ok {
				return from + i, refusal, nil
			}
			if err != nil {
				return -1, nil, err
			}
		}
	}
	return -1, nil, nil
}

// suspects reports which files have to be looked at one by one: those that make other
// profiles than now, and those that do not compile.
func (c *check) suspects(list []reached, whole bool) (suspect []bool, err error) {
	suspect = make([]bool, len(list))
	for i := range list {
		list[i].after = nil
	}
	if whole || c.braces {
		if err := c.otherNames(list, suspect); err != nil {
			return nil, err
		}
	}
	if whole {
		return suspect, c.compileWhole(list, suspect)
	}
	return suspect, c.compileReduced(list, suspect)
}

// otherNames marks the files that make other profiles than now.
func (c *check) otherNames(list []reached, suspect []bool) error {
	var unknown []*reached
	var names []string
	for i := range list {
		if names = append(names, list[i].file); !list[i].named {
			unknown = append(unknown, &list[i])
		}
	}
	if err := c.before(func() error { return c.nameNow(unknown) }, len(unknown) == 0); err != nil {
		return err
	}
	answers, err := c.ask("-N", names)
	for i, a := range answers {
		suspect[i] = a.err != nil || a.printed != list[i].names
	}
	return err
}

// changesBraces reports whether a line that comes or goes has a brace in it: without,
// the profiles in a file remain what they are.
func changesBraces(c Candidate) bool {
	lines := make(map[string]int)
	for line := range strings.Lines(string(c.Old)) {
		lines[strings.TrimRight(line, "\n")]++
	}
	for line := range strings.Lines(string(c.Text)) {
		lines[strings.TrimRight(line, "\n")]--
	}
	for line, n := range lines {
		if n != 0 && strings.ContainsAny(line, "{}\\") {
			return true
		}
	}
	return false
}

func (c *check) compileWhole(list []reached, suspect []bool) error {
	return inParallel(len(list), 1, func(i, _ int) error {
		if suspect[i] {
			return nil
		}
		err := c.found(&list[i], c.compile(list[i].file))
		suspect[i] = list[i].after != nil
		return err
	})
}

// compileReduced compiles what is left of the profiles, several in one run; where that
// is refused, one by one.
func (c *check) compileReduced(list []reached, suspect []bool) error {
	var files []string
	for _, r := range list {
		files = append(files, r.file)
	}
	flat, err := c.ask("-p", files)
	if err != nil {
		return err
	}
	return inParallel(len(list), most, func(from, to int) error {
		var parts []string
		for i := from; i < to; i++ {
			if suspect[i] = suspect[i] || flat[i].err != nil; suspect[i] {
				parts = append(parts, "")
				continue
			}
			part := filepath.Join(c.parts, fmt.Sprint("part", i))
			if err := os.WriteFile(part, reduce([]byte(flat[i].printed), c.keep), 0o600); err != nil {
				return err
			}
			defer os.Remove(part)
			parts = append(parts, part)
		}
		err := c.compileParts(parts...)
		if !refused(err) {
			return err
		}
		for i := from; i < to; i++ {
			err := c.compileParts(parts[i-from])
			if err != nil && !refused(err) {
				return err
			}
			suspect[i] = suspect[i] || err != nil
		}
		return nil
	})
}

func (c *check) compileParts(parts ...string) error {
	args := []string{"-Q", "-O", "no-expr-simplify"}
	n := len(args)
	for _, part := range parts {
		if part != "" {
			args = append(args, part)
		}
	}
	if len(args) == n {
		return nil
	}
	_, err := c.parse(args...)
	return err
}
