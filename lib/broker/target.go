package broker

import (
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/record"
)

// fileOf returns the base name of the file that a rule goes to, and the profile
// that the file belongs to.
func (t *target) fileOf(r *record.Rule) (profile, name string, err error) {
	if t.Name != "" {
		return "", t.Name, nil
	}
	if name, ok := t.Locals[r.Profile]; ok {
		return r.Profile, name, nil
	}
	if name, err = apparmor.LocalFile(r.Profile); err != nil {
		return "", "", err
	}
	return r.Profile, name, checkName(name)
}

func (t *target) file(name string) file {
	if t.Name != "" {
		return file{t.Folder, name, t.Path}
	}
	return file{t.Folder, name, strings.TrimSuffix(t.Path, "/") + "/" + name}
}

func (t *target) language() string {
	if t.Name != "" {
		return record.Netfilter
	}
	return record.AppArmor
}

func (t *target) mode() uint32 {
	if t.Name != "" {
		return firewallMode
	}
	return localMode
}
