package checker

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// alone is the profile in which additions are compiled by themselves.
const alone = "sl-write-check"

// checkAdditions compiles the file in the profiles that include it, or alone where
// there are none.
func checkAdditions(c Candidate) error {
	base := "."
	if _, err := os.Stat(tunables); err != nil {
		base = systemPolicy
	}
	text := asProfile(c.Text, base)
	names, err := profiles(text, base)
	if err != nil {
		return err
	}
	for _, name := range names {
		if name != alone && !strings.HasPrefix(name, alone+"//") {
			return &Refusal{parser, fmt.Sprintf("the file makes a profile of its own, %q", name)}
		}
	}
	files, err := including(c.Name)
	if err != nil {
		return err
	}
	for _, name := range files {
		if err := checkWithin(c, name, base); err != nil {
			return err
		}
	}
	if len(files) > 0 {
		return nil
	}
	return compile(text, base)
}

const (
	systemPolicy = "/etc/apparmor.d"
	tunables     = "tunables/global"
)

// asProfile makes a profile of additions.
func asProfile(additions []byte, base string) []byte {
	text := fmt.Appendf(nil, "profile %s {\n%s\n}\n", alone, additions)
	if _, err := os.Stat(filepath.Join(base, tunables)); err == nil {
		text = append([]byte("include <"+tunables+">\n"), text...)
	}
	return text
}

// checkWithin compiles a profile with the file in the place of its include. A
// profile that is not right as it stands is none of ours to judge.
func checkWithin(c Candidate, name, base string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	old := include(c.Name).ReplaceAllLiteral(text, c.Old)
	before, err := profiles(old, base)
	if refused(err) {
		return nil
	}
	if err != nil {
		return err
	}
	next := include(c.Name).ReplaceAllLiteral(text, c.Text)
	after, err := profiles(next, base)
	if err != nil {
		return within(name, err)
	}
	if !slices.Equal(before, after) {
		return &Refusal{parser, fmt.Sprintf("in %s the file changes which profiles there are", name)}
	}
	err = compile(next, base)
	if refused(err) && refused(compile(old, base)) {
		return nil
	}
	return within(name, err)
}

func refused(err error) bool {
	var r *Refusal
	return errors.As(err, &r)
}

// within says in which profile a refused file stands.
func within(name string, err error) error {
	var r *Refusal
	if errors.As(err, &r) {
		return &Refusal{r.Program, fmt.Sprintf("in %s: %s", name, r.Says)}
	}
	return err
}

const parser = "apparmor_parser"

// options are those of both questions. Neither needs AppArmor in the kernel: nothing
// is loaded, and no cache is used.
func options(base string) []string {
	return []string{"--base", base, "--config-file", "/dev/null", "-K", "-q"}
}

// profiles returns the names of the profiles in text. That takes a hundredth of the
// time of compile, and finds what is wrong with the words.
func profiles(text []byte, base string) (names []string, err error) {
	printed, err := run(text, parser, append(options(base), "-N")...)
	return strings.Fields(printed), err
}

// compile finds rules that exclude each other, too.
func compile(text []byte, base string) error {
	_, err := run(text, parser, append(options(base), "-Q")...)
	return err
}

// include matches the line by which a profile includes the additions of that name.
func include(name string) *regexp.Regexp {
	return regexp.MustCompile(`(?m)^[ \t]*#?include[ \t]+(if exists[ \t]+)?["<]local/` + regexp.QuoteMeta(name) + `[">].*$`)
}

// including returns the files of the policy that include the additions: none where
// the working directory is no policy's, or closed to this process's user.
func including(name string) (files []string, err error) {
	entries, err := os.ReadDir(".")
	if errors.Is(err, fs.ErrPermission) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the policy: %w", err)
	}
	line := include(name)
	for _, e := range entries {
		if !e.Type().IsRegular() {
			continue
		}
		if text, err := os.ReadFile(e.Name()); err == nil && line.Match(text) {
			files = append(files, e.Name())
		}
	}
	return files, nil
}
