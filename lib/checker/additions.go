package checker

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// alone is the profile in which additions are compiled by themselves.
const alone = "sl-write-check"

// checkAdditions compiles the file alone and in the profiles that include it.
func checkAdditions(c Candidate) error {
	base := "."
	if _, err := os.Stat(tunables); err != nil {
		base = systemPolicy
	}
	if err := checkAlone(c, base); err != nil {
		return err
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
	return nil
}

const (
	systemPolicy = "/etc/apparmor.d"
	tunables     = "tunables/global"
)

func checkAlone(c Candidate, base string) error {
	text := fmt.Appendf(nil, "profile %s {\n%s\n}\n", alone, c.Text)
	if _, err := os.Stat(filepath.Join(base, tunables)); err == nil {
		text = append([]byte("include <"+tunables+">\n"), text...)
	}
	names, err := compile(text, base)
	if err != nil {
		return err
	}
	for _, name := range names {
		if name != alone && !strings.HasPrefix(name, alone+"//") {
			return &Refusal{parser, fmt.Sprintf("the file makes a profile of its own, %q", name)}
		}
	}
	return nil
}

// checkWithin compiles a profile with the file in the place of its include. A
// profile that does not compile as it stands is none of ours to judge.
func checkWithin(c Candidate, name, base string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	before, err := compile(include(c.Name).ReplaceAllLiteral(text, c.Old), base)
	var refused *Refusal
	if errors.As(err, &refused) {
		return nil
	}
	if err != nil {
		return err
	}
	after, err := compile(include(c.Name).ReplaceAllLiteral(text, c.Text), base)
	if errors.As(err, &refused) {
		return &Refusal{parser, fmt.Sprintf("in %s: %s", name, refused.Says)}
	}
	if err == nil && strings.Join(before, "\n") != strings.Join(after, "\n") {
		return &Refusal{parser, fmt.Sprintf("in %s the file changes which profiles there are", name)}
	}
	return err
}

const parser = "apparmor_parser"

// compile returns the names of the profiles in text, when all of them compile. It
// needs no AppArmor in the kernel: it does not load, and uses no cache.
func compile(text []byte, base string) (names []string, err error) {
	options := []string{"--base", base, "--config-file", "/dev/null", "-K", "-q"}
	if _, err := run(text, parser, append(options, "-Q")...); err != nil {
		return nil, err
	}
	printed, err := run(text, parser, append(options, "-N")...)
	return strings.Fields(printed), err
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
