package apparmor

import (
	"fmt"
	"strings"
)

// LocalFile returns the name, in a folder of local additions, of the file that
// the profile's own include names by convention: the profile's name without its
// leading slash and with dots for slashes.
//
// It is an error when the name is no plain file name: empty, over 255 bytes, with
// bytes other than ASCII letters, digits and "_.+-@", or with a dot where it
// would hide the file or leave the folder; and for a child profile or hat
// ("A//B"), because a local include stands inside A, where rules for B cannot.
func LocalFile(profile string) (string, error) {
	if strings.Contains(profile, "//") {
		return "", fmt.Errorf("%q is a child profile: its rules cannot stand in the local file of its parent", profile)
	}
	name := strings.ReplaceAll(strings.TrimPrefix(profile, "/"), "/", ".")
	switch {
	case name == "":
		return "", fmt.Errorf("profile %q: no name for a file", profile)
	case len(name) > 255:
		return "", fmt.Errorf("profile name of %d bytes: too long for a file", len(name))
	case strings.Contains(name, ".."):
		return "", fmt.Errorf("profile %q: two dots in the name of its file", profile)
	case strings.IndexByte(".+-@", name[0]) >= 0:
		return "", fmt.Errorf("profile %q: the name of its file would begin with %q", profile, name[0])
	}
	for i := 0; i < len(name); i++ {
		if c := name[i]; c != '@' && (c == ':' || !wordByte(c)) {
			return "", fmt.Errorf("profile %q: %q in the name of its file", profile, c)
		}
	}
	return name, nil
}
