package main

import (
	"errors"
	"io/fs"
	"strings"

	"github.com/sl-suite/sl/lib/source"
	"github.com/sl-suite/sl/lib/stage"
)

// elsewhere says of a file that could not be opened where its messages may be: a
// folder may hold journals, and a host without a syslog daemon has nothing else.
func elsewhere(path string, err error) error {
	hint := ""
	switch {
	case errors.Is(err, source.ErrFolder):
		if files, failed := source.Journals(path); failed == nil && len(files) > 0 {
			hint = "there are journals in it: --journal=" + path
		}
	case errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(path, "/var/log/"):
		if _, failed := source.Journals(""); failed == nil {
			hint = "this machine has a journal, and what the kernel said is in it: --journal"
		}
	}
	if hint == "" {
		return err
	}
	return stage.WithHint(err, hint)
}
