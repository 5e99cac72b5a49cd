package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/apparmor/header"
	"github.com/sl-suite/sl/lib/broker"
	"github.com/sl-suite/sl/lib/folder"
)

// readPolicy reads the policy that a folder of local additions stands in, to know
// who includes which file. A folder of another name, or reached by another, stands
// in none.
func (f *flags) readPolicy(operand, resolved string) error {
	entries, err := os.ReadDir(resolved)
	if err != nil {
		return err
	}
	f.Files = len(entries)
	for _, path := range []string{operand, resolved} {
		if path, err = filepath.Abs(path); err != nil {
			return err
		}
		if filepath.Base(path) != "local" {
			continue
		}
		f.Installed, err = folder.Read(filepath.Dir(path))
		if errors.Is(err, fs.ErrPermission) {
			f.Installed = folder.Files{Dir: filepath.Dir(path)}
			f.Closed = true
			return nil
		}
		return err
	}
	return nil
}

// place fills in what the policy says of the folder; nothing where there is none.
func (f *flags) place(t *broker.Target) {
	t.New, t.Files = f.New, f.Files
	dir := f.Installed.Dir
	switch {
	case dir == "":
		return
	case f.Closed:
		t.Policy, t.Locals = dir, &header.Locals{Unclear: []string{dir}}
		t.Place = apparmor.NewPlace(nil, nil, []apparmor.Profile{unseen})
		return
	}
	texts := f.Installed.Texts()
	files := make(map[string][]byte, len(texts))
	for name, text := range texts {
		files[name] = []byte(text)
	}
	for _, name := range f.Installed.Unread {
		files[name] = nil
	}
	for _, l := range f.Installed.Links { // who includes the one gets what is in the other
		switch {
		case l.To == "local": // as if a file in the one included the other
			files[l.Name+"/."] = []byte("include <local>\n")
		case strings.HasPrefix(l.To, "local/"):
			files[l.Name] = fmt.Appendf(files[l.Name], "\ninclude <%s>\n", l.To)
		}
	}
	policy := header.New(dir, files)
	locals := policy.Locals()
	if _, abstractions := texts["abstractions/"]; len(locals.Profiles) == 0 && !abstractions {
		return // what stands beside the folder is no policy
	}
	var profiles []apparmor.Profile
	for _, p := range policy.Profiles() {
		if _, complain := texts["force-complain/"+p.File]; complain {
			p.Flags = append(slices.Clone(p.Flags), "complain")
		}
		profiles = append(profiles, apparmor.Profile{Name: p.Name, Attachment: p.Attachment, Flags: p.Flags})
	}
	if len(locals.Unclear) > 0 {
		profiles = append(profiles, unseen)
	}
	t.Policy, t.Locals = dir, locals
	var aliases []apparmor.Alias
	for _, a := range policy.Aliases() {
		aliases = append(aliases, apparmor.Alias(a))
	}
	t.Place = apparmor.NewPlace(policy.Variables(), aliases, profiles)
}

// unseen stands for the profiles of a file that could not be read or followed: the
// worst is assumed, one for every program that confines nothing.
var unseen = apparmor.Profile{Attachment: "/**", Flags: []string{"unconfined"}}

// inVain says which of the files that change no profile would take rules from, and
// which gives them to others, too. Where there is no policy it cannot be known.
func (w *writer) inVain(changes []broker.Change) {
	for _, c := range changes {
		locals := w.locals
		if locals == nil || c.Profile == "" {
			continue
		}
		takers := locals.Takers(c.Name())
		if !slices.Contains(takers, c.Profile) {
			w.s.Hint(fmt.Sprintf("%s takes no effect: in %s no profile %q includes it; let it say: include if exists <local/%s>", c.Path, w.Installed.Dir, c.Profile, c.Name()))
			continue
		}
		others := slices.DeleteFunc(takers, func(name string) bool { return name == c.Profile })
		if len(others) > 0 {
			w.s.Hint(fmt.Sprintf("%s is included by %s, too: what %q gets they get", c.Path, quoted(others), c.Profile))
		}
	}
}

// quoted lists names, the first of many.
func quoted(names []string) string {
	const shown = 5
	var list []string
	for _, name := range names[:min(len(names), shown)] {
		list = append(list, fmt.Sprintf("%q", name))
	}
	if n := len(names) - shown; n > 0 {
		list = append(list, fmt.Sprintf("%d more", n))
	}
	return strings.Join(list, ", ")
}
