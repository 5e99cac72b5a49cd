package propose

import (
	"fmt"
	"path"
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// sharedUserns is the profile of every program that makes a user namespace and has
// none of its own, where the kernel restricts that
// (kernel.apparmor_restrict_unprivileged_userns). A rule in it is one for all of them.
const sharedUserns = "unprivileged_userns"

const usernsNote = "userns"

// unconfined notes what was denied to a process without profile.
func (pr *proposal) unconfined() {
	f := pr.fields
	switch op := f[record.FOperation]; {
	case f[record.FClass] == "namespace" && op == "userns_create":
		pr.userns()
	case f[record.FInfo] != "" && f[record.FClass] == "file" && (strings.HasPrefix(op, "change_") || strings.HasPrefix(op, "stack")) && op != "change_hat":
		pr.changeProfile() // to a profile that is not loaded
	default:
		pr.note("unconfined", noLabels, "%s by a process that no profile confines", op)
	}
}

// entersUserns reports whether the event, which denies nothing, says that a program
// comes into the profile that all share.
func entersUserns(f *record.Fields) bool {
	return f[record.FVerdict] == "AUDIT" && f[record.FOperation] == "userns_create" && f[record.FTarget] == sharedUserns
}

// userns notes the profile that the program needs. Its path is known where it makes
// the namespace, and its name alone behind that.
func (pr *proposal) userns() {
	f := pr.fields
	file := f[record.FExecpath]
	name := path.Base(file)
	if !strings.HasPrefix(file, "/") {
		file, name = unknownPath, f[record.FComm]
	}
	hint := "write a profile for the program: profile NAME PATH flags=(unconfined) { userns, }"
	if plainWord(name) && plainWord(file) {
		hint = fmt.Sprintf("write a profile for the program: profile %s %s flags=(unconfined) { userns, }", name, file)
	}
	pr.note(usernsNote, hint, "%q makes a user namespace and has no profile: what it does there is denied by %q, which all such programs share", name, sharedUserns)
}

// plainWord reports whether the text can stand in a profile without quotes.
func plainWord(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-") == ""
}

// unknownPath stands for the path of a program in a hint, behind every path in order.
const unknownPath = "PATH"

// tellsMore reports whether the note has the path that the other has not.
func (k noteKey) tellsMore(o noteKey) bool {
	unknown := " " + unknownPath + " "
	same := k.kind == usernsNote && k.kind == o.kind && k.lang == o.lang && k.profile == o.profile && k.text == o.text && k.trust == o.trust
	return same && strings.Contains(o.hint, unknown) && !strings.Contains(k.hint, unknown)
}
