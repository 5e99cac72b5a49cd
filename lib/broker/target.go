package broker

import (
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

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
