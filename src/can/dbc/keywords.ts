/** Words that begin a statement, or stand in the list of `NS_`: no node, message or signal has such a name. */
export const keywords: ReadonlySet<string> = new Set(
  (
    'VERSION NS_ BS_ BU_ BO_ SG_ BO_TX_BU_ EV_ CM_ BA_DEF_ BA_DEF_DEF_ BA_ VAL_ VAL_TABLE_ SIG_GROUP_ SIG_VALTYPE_ ' +
    'SG_MUL_VAL_ NS_DESC_ CAT_DEF_ CAT_ FILTER EV_DATA_ ENVVAR_DATA_ SGTYPE_ SGTYPE_VAL_ BA_DEF_SGTYPE_ BA_SGTYPE_ ' +
    'SIG_TYPE_REF_ SIGTYPE_VALTYPE_ BA_DEF_REL_ BA_REL_ BA_DEF_DEF_REL_ BU_SG_REL_ BU_EV_REL_ BU_BO_REL_'
  ).split(' '),
)
