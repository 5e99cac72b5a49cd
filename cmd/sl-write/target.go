package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/sl-suite/sl/lib/sandbox"
	"github.com/sl-suite/sl/lib/stage"
)

// A target is one operand, as the first start found it.
type target struct {
	Path string // as named
	Name string // base name of a firewall file, "" for a folder
}

// open finds out what the operands are, and reads the decisions: both need
// paths, and the second start has none.
func (f *flags) open(first *stage.First) (err error) {
	if len(f.Targets) == 0 {
		f.Targets = []string{defaultTarget}
	}
	o := owner()
	f.User, f.Groups = o.User, o.Groups
	companion := &sandbox.Handoff{}
	for _, path := range f.Targets {
		t, folder, err := resolve(path)
		if err != nil {
			return err
		}
		if err := f.mayWrite(t, folder); err != nil {
			return err
		}
		f.Resolved = append(f.Resolved, t)
		first.Folders = append(first.Folders, folder)
		if t.Name == "" {
			if err := f.readPolicy(path, folder); err != nil {
				return err
			}
			if f.NoCheck {
				continue
			}
			if err := f.copyPolicy(companion, path, folder); err != nil {
				return err
			}
		} else {
			first.Which = checksFirewalls
		}
	}
	if !f.NoCheck {
		first.Companion = companion
	}
	if f.Decisions != "" {
		if f.DecisionsText, err = readDecisions(f.Decisions); err != nil {
			return fmt.Errorf("--decisions: %w", err)
		}
	}
	return nil
}

// resolve returns the folder, absolute, in which a target's files are.
func resolve(path string) (t target, folder string, err error) {
	t.Path, folder = path, path
	st, err := os.Stat(path)
	switch {
	case err == nil && st.IsDir():
	case err == nil || os.IsNotExist(err) && !strings.HasSuffix(path, "/"):
		folder, t.Name = filepath.Dir(path), filepath.Base(path)
	case errors.Is(err, fs.ErrPermission):
		return t, "", stage.WithHint(err, "a folder on the way to it is closed to you")
	default:
		return t, "", err
	}
	if folder, err = filepath.EvalSymlinks(folder); err == nil {
		folder, err = filepath.Abs(folder)
	}
	if err != nil {
		return t, "", stage.WithHint(fmt.Errorf("%s: %w", path, err), "the folder of a TARGET has to be there: sl-write makes files, not folders")
	}
	if t.Name == "" && isPolicy(folder) { // what loads all of it would take our files for profiles
		return t, "", stage.WithHint(fmt.Errorf("%s: profiles stand in this folder, and rules alone are none", path),
			"name the folder of local additions: "+filepath.Join(path, "local"))
	}
	if dir := partOf(path, folder); t.Name == "" && dir != "" {
		return t, "", stage.WithHint(fmt.Errorf("%s: a part of the policy in %s, which any profile may include", path, dir),
			"name the folder of local additions: "+filepath.Join(dir, "local"))
	}
	return t, folder, nil
}

// partOf returns the policy in which the folder is one that profiles share, such as
// that of the abstractions: who includes a file there is not known, and the names of
// the files would be those of profiles. "" is returned for the folder of local
// additions, and for one that is in no policy.
func partOf(path, folder string) (policy string) {
	named, err := filepath.Abs(path)
	if err != nil {
		named = folder
	}
	for _, from := range []string{folder, named} {
		if filepath.Base(from) == "local" && isPolicy(filepath.Dir(from)) {
			return ""
		}
	}
	for _, from := range []string{folder, named} {
		for dir := filepath.Dir(from); dir != "/"; dir = filepath.Dir(dir) {
			if hasShared(dir) {
				return dir
			}
		}
	}
	return ""
}

// hasShared reports whether a folder has what the profiles of a policy share.
func hasShared(dir string) bool {
	for _, part := range []string{"tunables", "abstractions"} {
		if st, err := os.Stat(filepath.Join(dir, part)); err == nil && st.IsDir() {
			return true
		}
	}
	return false
}
