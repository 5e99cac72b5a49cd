package broker

import (
	"fmt"
	"slices"
)

// An Owner is whom the files of this process belong to: its user, and its group or,
// where it is changed, one of the others. It has no capability to give a file away
// (chown(2)).
type Owner struct {
	User   int
	Groups []int // its own first
}

// Keeps says why the file at a path would not keep its user and group when it is
// replaced, and what to do about it; "" where it would.
func (o *Owner) Keeps(path string, user, group int) (why, hint string) {
	switch {
	case o == nil:
	case user != o.User:
		return fmt.Sprintf("belongs to the user %d, and sl-write could not keep that", user),
			fmt.Sprintf("run it as that user, or say: chown %d %s", o.User, path)
	case !slices.Contains(o.Groups, group):
		return fmt.Sprintf("belongs to the group %d, and sl-write could not keep that", group),
			fmt.Sprintf("say: chgrp %[1]d %[3]s; and for the other group: setfacl -m g:%[2]d:r %[3]s", o.Groups[0], group, path)
	}
	return "", ""
}
