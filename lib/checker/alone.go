package checker

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const (
	// alone is the profile in which additions are compiled by themselves.
	alone = "sl-write-check"

	systemPolicy = "/etc/apparmor.d"
	tunables     = "tunables/global"
)

// Alone checks additions that no profile includes: in a profile of their own, with
// the tunables of the policy in base, or of the system's where base is "".
func Alone(text []byte, base string, options ...string) error {
	if base == "" {
		base = systemPolicy
	}
	if err := staysInside(text, base, options); err != nil {
		return err
	}
	// -Q finds rules that exclude each other, too.
	_, err := askAlone("-Q", text, base, options)
	return err
}

// staysInside refuses additions that end the profile that they stand in, and begin
// another.
func staysInside(text []byte, base string, options []string) error {
	printed, err := askAlone("-N", text, base, options)
	if err != nil {
		return err
	}
	for name := range strings.FieldsSeq(printed) {
		if name != alone && !strings.HasPrefix(name, alone+"//") {
			return &Refusal{parser, fmt.Sprintf("the file makes a profile of its own, %q", name)}
		}
	}
	return nil
}

func askAlone(option string, text []byte, base string, options []string) (printed string, err error) {
	text = fmt.Appendf(nil, "profile %s {\n%s\n}\n", alone, text)
	if _, err := os.Stat(filepath.Join(base, tunables)); err == nil {
		text = append([]byte("include <"+tunables+">\n"), text...)
	}
	return command{name: parser, args: arguments(base, options, option), text: text, timeout: patience, processor: processor}.run()
}
