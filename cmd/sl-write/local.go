package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/sl-suite/sl/lib/aapolicy/folder"
	"github.com/sl-suite/sl/lib/broker"
)

// readPolicy reads the profiles beside a folder of local additions, to know which
// file each of them includes. Any other folder has no such profiles, and where they
// cannot be read the files are named by convention.
func (f *flags) readPolicy(target string) (err error) {
	if filepath.Base(target) != "local" {
		return nil
	}
	f.Installed, err = folder.ReadProfiles(filepath.Dir(target))
	if errors.Is(err, fs.ErrPermission) {
		f.Installed = folder.Files{}
		f.Unread = err.Error()
		return nil
	}
	return err
}

// inVain says which of the files that change no profile would take rules from, and
// which gives them to another profile, too. Where there are no profiles it cannot be
// known.
func (w *writer) inVain(changes []broker.Change) {
	if len(changes) > 0 && w.Unread != "" {
		w.s.Hint(w.Unread + ": whether a profile takes the rules is not known")
	}
	if len(w.locals) == 0 {
		return
	}
	for _, c := range changes {
		if c.Profile == "" {
			continue
		}
		name, by := c.Name(), w.locals[c.Name()]
		if !slices.Contains(by, c.Profile) {
			w.s.Hint(fmt.Sprintf("%s takes no effect: in %s no profile %q includes it; let it say: include if exists <local/%s>", c.Path, filepath.Dir(filepath.Dir(c.Path)), c.Profile, name))
		}
		for _, other := range by {
			if other != c.Profile {
				w.s.Hint(fmt.Sprintf("%s is included by the profile %q, too: it gets the rules of %q", c.Path, other, c.Profile))
			}
		}
	}
}
