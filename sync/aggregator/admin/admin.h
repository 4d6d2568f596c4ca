/*
 * admin.h - the commands of those who run the aggregator: setting up, fairs
 * and gates, letting devices and people in and out, files for devices, proving
 * and keeping the data.
 */
#ifndef AGGREGATOR_ADMIN_H
#define AGGREGATOR_ADMIN_H

#include "fair/cli.h"

/* Setting up (admin_setup.c). */
enum err admin_init(struct cli *cli);
enum err admin_keys_export(struct cli *cli);
enum err admin_fair_add(struct cli *cli);
enum err admin_fair_gates(struct cli *cli);
enum err admin_fair_rules(struct cli *cli);

/* Devices (admin_device.c). */
enum err admin_enrol(struct cli *cli);
enum err admin_export_lists(struct cli *cli);

/* What people decide about devices and their events (admin_decide.c). */
enum err admin_revoke(struct cli *cli);
enum err admin_decide(struct cli *cli);

/* Who may look (admin_account.c). */
enum err admin_account_add(struct cli *cli);
enum err admin_account_list(struct cli *cli);
enum err admin_account_lock(struct cli *cli);
enum err admin_account_password(struct cli *cli);

/* Proof (admin_check.c). */
enum err admin_verify(struct cli *cli);
enum err admin_rebuild(struct cli *cli);
/* For a command that has met devices whose stored events are damaged: names
 * them and says what to do. ERR_CORRUPT. */
enum err admin_damaged(struct cli *cli, const char *names);

/* The whole database (admin_copy.c). */
enum err admin_migrate(struct cli *cli);
enum err admin_backup(struct cli *cli);
enum err admin_restore(struct cli *cli);
enum err admin_compact(struct cli *cli); /* admin_compact.c */

#endif
